import { Environment } from "@marcbachmann/cel-js";
import { toValue } from "liquidjs";
import { wellFormed } from "#src/text/well-formed.ts";
import type { RunState } from "../run-state.ts";
import { doomedOutputs, doomedReads, readable } from "./doomed-reads.ts";
import { ExpressionBudget } from "./expression-budget.ts";
import { checkCost, checkWork } from "./expression-cost.ts";
import { jsonValue } from "./json-value.ts";
import { contextOf, liquid, loopDepth } from "./template-engine.ts";

/** What templates and conditions of a plan can see. */
export interface Scope extends Record<string, unknown> {
  input: Record<string, unknown>;
  steps: Record<string, { output: unknown; status: string; error: unknown; errors: unknown }>;
  data: Record<string, unknown>;
}

/** The run's data: the input, every begun step by name, and the sub-tasks of its fan-outs by theirs. */
export function scopeOf(run: RunState): Scope {
  const steps: Scope["steps"] = {};
  for (const { name, output, status, error, errors = [] } of Object.values(run.steps))
    steps[name] = { output, status, error, errors };
  for (const { stepName, key, output, status, error } of Object.values(run.tasks)) {
    if (isSubTask(run, stepName) && !(key in steps)) steps[key] = { output, status, error, errors: [] };
  }
  return { input: run.header.input, steps, data: { ...run.extra } };
}

/** Tasks of a fan-out have names of their own; those of `for_each` are only numbers. */
const isSubTask = ({ header }: RunState, stepName: string): boolean =>
  header.plan.steps[stepName]?.sub_tasks !== undefined;

/** A string that is one expression and nothing else keeps the value's type; `-` at its ends only trims what is around. */
const wholeExpression = /^\s*\{\{-?((?:(?!-?\}\}|\{\{)[\s\S])+)-?\}\}\s*$/;

/**
 * Renders a template value over the run's data: strings as Liquid, lists and objects part by part.
 * @throws when a variable is missing, a template is malformed, or the budget is used up
 */
export function render(template: unknown, scope: Scope, budget = new ExpressionBudget()): unknown {
  if (typeof template === "string") {
    const [, expression] = wholeExpression.exec(template) ?? [];
    // Filters cut where they are told to, also in the middle of a character.
    return wellFormed(
      expression
        ? jsonValue(toValue(liquid.evalValueSync(expression.trim(), contextOf(scope, budget))), (size) =>
            budget.give(size),
          )
        : liquid.parseAndRenderSync(template, contextOf(scope, budget)),
    );
  }
  if (Array.isArray(template)) return template.map((part) => render(part, scope, budget));
  if (typeof template === "object" && template !== null) return renderObject(template, scope, budget);
  return template;
}

/** `render` for the parts of an object. */
export const renderObject = (
  template: object,
  scope: Scope,
  budget: ExpressionBudget,
): Record<string, unknown> =>
  Object.fromEntries(Object.entries(template).map(([key, value]) => [key, render(value, scope, budget)]));

/**
 * Throws when the template's syntax is wrong, it could take for ever, or writes out what is never there.
 * @param extra names that it can read besides `input`, `steps` and `data`
 */
export function checkTemplate(template: string, extra: readonly string[] = []): void {
  const parsed = liquid.parse(template);
  if (loopDepth(parsed) > 1) throw new Error("Loops may not be nested");
  for (const problem of doomedOutputs(template, parsed, extra)) throw new Error(problem);
}

/** CEL looks at so many parts in the time in which a template's filter looks at one. */
const looksPerCost = 4;

/** CEL over JSON: its numbers are doubles, so that `input.count + 1` means what it says. */
const cel = new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false });
/** The same, knowing which names there are. */
const strictCel = new Environment({ unlistedVariablesAreDyn: false, homogeneousAggregateLiterals: false });
for (const name of readable) strictCel.registerVariable(name, "map");

function remainder(a: number, b: number): number {
  if (b === 0) throw new Error("modulo by zero");
  return a % b;
}
const arithmetic: Record<string, (a: number, b: number) => number> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "%": remainder,
};
for (const environment of [cel, strictCel]) {
  for (const [operator, apply] of Object.entries(arithmetic)) {
    const onNumbers = (a: unknown, b: unknown) => apply(Number(a), Number(b));
    environment.registerOperator(`double ${operator} int: double`, onNumbers);
    environment.registerOperator(`int ${operator} double: double`, onNumbers);
  }
  environment.registerOperator("double % double: double", remainder);
}

/**
 * Parses a CEL expression.
 * @throws when it is malformed or could take for ever
 */
export function parseExpression(expression: string): (scope: Scope, budget?: ExpressionBudget) => unknown {
  const parsed = cel.parse(expression);
  checkCost(parsed.ast);
  return (scope, budget = new ExpressionBudget()) => {
    budget.spend(checkWork(parsed.ast, scope) / looksPerCost);
    // Without a prototype: a name such as `constructor` is one that nobody knows.
    return wellFormed(jsonValue(parsed({ __proto__: null, ...scope }), (size) => budget.give(size)));
  };
}

/**
 * Whether a CEL condition holds.
 * @throws when the expression is malformed, fails, or is not a boolean
 */
export function holds(condition: string, scope: Scope, budget?: ExpressionBudget): boolean {
  const value = parseExpression(condition)(scope, budget);
  if (typeof value !== "boolean") throw new Error(`The condition gives ${typeof value}, not a boolean`);
  return value;
}

/**
 * The list that a CEL expression gives.
 * @throws when the expression is malformed, fails, or is not a list
 */
export function listOf(expression: string, scope: Scope, budget?: ExpressionBudget): unknown[] {
  const items = parseExpression(expression)(scope, budget);
  if (!Array.isArray(items)) throw new Error("for_each does not give a list");
  return items;
}

const firstLine = (message: string): string => message.split("\n", 1)[0] ?? message;

/**
 * Throws when an expression is malformed, could take for ever, or can only fail: by its types, by names that there are
 * not, or because it never gives what is wanted. What depends on the data is not looked at.
 */
export function checkExpression(expression: string, wanted: "bool" | "list"): void {
  parseExpression(expression);
  const { ast, check } = cel.parse(expression);
  const { valid, type = "dyn", error } = check();
  if (!valid) throw new Error(firstLine(error?.message ?? "The types do not fit"));
  const unknown = strictCel.parse(expression).check().error?.message ?? "";
  if (unknown.startsWith("Unknown variable"))
    throw new Error(`${firstLine(unknown)}; there are ${readable.join(", ")}`);
  for (const problem of doomedReads(ast)) throw new Error(problem);
  if (type !== "dyn" && !type.startsWith(wanted))
    throw new Error(`It gives ${type}, and ${wanted === "bool" ? "a condition" : "a list"} is wanted`);
}

const stepsNamedBy = (text: string, reference: RegExp): string[] => [
  ...new Set([...text.matchAll(reference)].flatMap(([, dotted, quoted]) => dotted ?? quoted ?? [])),
];

/** The tags of a template, `{{ … }}` and `{% … %}`. One that is not closed is none, and looked for once. */
function tagsIn(template: string): string[] {
  const tags: string[] = [];
  const open = /\{[{%]/g;
  const unclosed = new Set<string>();
  for (let begin = open.exec(template); begin && unclosed.size < 2; begin = open.exec(template)) {
    const close = begin[0] === "{{" ? "}}" : "%}";
    const end = unclosed.has(close) ? -1 : template.indexOf(close, open.lastIndex);
    if (end === -1) {
      unclosed.add(close);
      continue;
    }
    open.lastIndex = end + close.length;
    tags.push(template.substring(begin.index, open.lastIndex));
  }
  return tags;
}

/** Names of steps that a template reads: what stands outside its tags is only text. */
export const stepsReadByTemplate = (template: string): string[] =>
  stepsNamedBy(tagsIn(template).join(" "), /\bsteps(?:\.([A-Za-z0-9_-]+)|\[\s*["']([^"']+)["']\s*\])/g);

/** Names of steps that a CEL expression reads: there, `steps.a-b` is a difference. */
export const stepsReadByExpression = (expression: string): string[] =>
  stepsNamedBy(expression, /\bsteps(?:\.(\w+)|\[\s*["']([^"']+)["']\s*\])/g);
