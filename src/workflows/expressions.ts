import { evaluate } from "@marcbachmann/cel-js";
import { Liquid } from "liquidjs";
import type { RunState } from "./run-state.ts";

/** What templates and conditions of a plan can see. */
export interface Scope extends Record<string, unknown> {
  input: Record<string, unknown>;
  steps: Record<string, { output: unknown; status: string; error: unknown }>;
  data: Record<string, unknown>;
}

/** The run's data: the input, every begun step by name, and the sub-tasks of its fan-outs by theirs. */
export function scopeOf(run: RunState): Scope {
  const steps: Scope["steps"] = {};
  for (const { name, output, status, error } of Object.values(run.steps))
    steps[name] = { output, status, error };
  for (const { key, output, status, error } of Object.values(run.tasks)) {
    if (key !== "main" && !(key in steps)) steps[key] = { output, status, error };
  }
  return { input: run.header.input, steps, data: { ...run.extra } };
}

const asText = (value: unknown): string =>
  typeof value === "object" && value !== null ? JSON.stringify(value) : String(value ?? "");

const liquid = new Liquid({
  strictVariables: true,
  lenientIf: true,
  strictFilters: true,
  ownPropertyOnly: true,
  outputEscape: asText,
  parseLimit: 100_000,
  renderLimit: 500,
  memoryLimit: 10_000_000,
});

/** A string that is one expression and nothing else keeps the value's type. */
const wholeExpression = /^\s*\{\{((?:(?!\}\}|\{\{)[\s\S])+)\}\}\s*$/;

/**
 * Renders a template value over the run's data: strings as Liquid, lists and objects part by part.
 * @throws when a variable is missing or a template is malformed
 */
export function render(template: unknown, scope: Scope): unknown {
  if (typeof template === "string") {
    const [, expression] = wholeExpression.exec(template) ?? [];
    return expression
      ? liquid.evalValueSync(expression.trim(), scope)
      : liquid.parseAndRenderSync(template, scope);
  }
  if (Array.isArray(template)) return template.map((part) => render(part, scope));
  if (typeof template === "object" && template !== null) return renderObject(template, scope);
  return template;
}

/** `render` for the parts of an object. */
export const renderObject = (template: object, scope: Scope): Record<string, unknown> =>
  Object.fromEntries(Object.entries(template).map(([key, value]) => [key, render(value, scope)]));

/**
 * Whether a CEL condition holds.
 * @throws when the expression is malformed, fails, or is not a boolean
 */
export function holds(condition: string, scope: Scope): boolean {
  const value: unknown = evaluate(condition, scope);
  if (typeof value !== "boolean") throw new Error(`The condition gives ${typeof value}, not a boolean`);
  return value;
}

/** Throws when the template's syntax is wrong; says nothing about its variables. */
export const checkTemplate = (template: string): void => void liquid.parse(template);

/** The names below `steps.` that a template reads. */
export const stepsReadBy = (template: string): string[] => [
  ...new Set([...template.matchAll(/\bsteps\.([A-Za-z0-9_-]+)/g)].flatMap(([, name]) => name ?? [])),
];
