import { type ASTNode, Environment } from "@marcbachmann/cel-js";
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
  for (const { stepName, key, output, status, error } of Object.values(run.tasks)) {
    if (isSubTask(run, stepName) && !(key in steps)) steps[key] = { output, status, error };
  }
  return { input: run.header.input, steps, data: { ...run.extra } };
}

/** Tasks of a fan-out have names of their own; those of `for_each` are only numbers. */
const isSubTask = ({ header }: RunState, stepName: string): boolean =>
  header.plan.steps[stepName]?.sub_tasks !== undefined;

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

/** Throws when the template's syntax is wrong, or could take it for ever; says nothing about its variables. */
export function checkTemplate(template: string): void {
  liquid.parse(template);
  let loops = 0;
  for (const [, tag] of template.matchAll(/\{%-?\s*(\w+)/g)) {
    if (tag === "for" || tag === "tablerow") loops++;
    if (tag === "endfor" || tag === "endtablerow") loops--;
    if (loops > 1) throw new Error("Loops may not be nested");
    if (tag === "include" || tag === "render" || tag === "layout") throw new Error(`${tag} is not available`);
  }
}

/** CEL over JSON: its numbers are doubles, so that `input.count + 1` means what it says. */
const cel = new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false });
const arithmetic: Record<string, (a: number, b: number) => number> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
};
for (const [operator, apply] of Object.entries(arithmetic)) {
  const onNumbers = (a: unknown, b: unknown) => apply(Number(a), Number(b));
  cel.registerOperator(`double ${operator} int: double`, onNumbers);
  cel.registerOperator(`int ${operator} double: double`, onNumbers);
}

/** CEL's functions that look at every part of a list. */
const loops = new Set(["all", "exists", "exists_one", "map", "filter"]);

const isNode = (value: unknown): value is ASTNode =>
  typeof value === "object" && value !== null && "op" in value && "args" in value;

/** How deep loops over lists are nested: two over the same list square its length. */
function loopDepth(part: unknown): number {
  if (Array.isArray(part)) return Math.max(0, ...part.map(loopDepth));
  if (!isNode(part)) return 0;
  if (part.op === "rcall" && part.args[0] === "matches")
    throw new Error("matches() is not available: a regular expression can take for ever");
  const isLoop = part.op === "rcall" && loops.has(part.args[0]);
  return (isLoop ? 1 : 0) + loopDepth(part.args);
}

/**
 * Parses a CEL expression.
 * @throws when it is malformed or could take for ever
 */
export function parseExpression(expression: string): (scope: Scope) => unknown {
  const parsed = cel.parse(expression);
  if (loopDepth(parsed.ast) > 1) throw new Error("Functions over lists may not be nested");
  return (scope) => asJson(parsed(scope));
}

/** CEL's integers are BigInts, which JSON does not know. */
function asJson(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(asJson);
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, part]) => [String(key), asJson(part)]));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, asJson(part)]));
  return value;
}

/**
 * Whether a CEL condition holds.
 * @throws when the expression is malformed, fails, or is not a boolean
 */
export function holds(condition: string, scope: Scope): boolean {
  const value = parseExpression(condition)(scope);
  if (typeof value !== "boolean") throw new Error(`The condition gives ${typeof value}, not a boolean`);
  return value;
}

/**
 * The list that a CEL expression gives.
 * @throws when the expression is malformed, fails, or is not a list
 */
export function listOf(expression: string, scope: Scope): unknown[] {
  const items = parseExpression(expression)(scope);
  if (!Array.isArray(items)) throw new Error("for_each does not give a list");
  return items;
}

/** Names of steps that a template or condition reads. */
export const stepsReadBy = (text: string): string[] => [
  ...new Set(
    [...text.matchAll(/\bsteps(?:\.([A-Za-z0-9_-]+)|\[\s*["']([^"']+)["']\s*\])/g)].flatMap(
      ([, dotted, quoted]) => dotted ?? quoted ?? [],
    ),
  ),
];
