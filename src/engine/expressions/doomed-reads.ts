import type { ASTNode } from "@marcbachmann/cel-js";
import { Output, type Template, type Token, TypeGuards } from "liquidjs";
import { isNode, partsOf } from "./expression-cost.ts";

/** What templates and conditions can read. */
export const readable = ["input", "steps", "data"];

/** What there is to read about a step. */
const ofStep = ["output", "status", "error", "errors"];

/** Why a read of `steps.{name}.{field}` must fail; undefined when it need not. */
const problemOfField = (name: string, field: string): string | undefined =>
  ofStep.includes(field)
    ? undefined
    : `steps.${name} has no ${field}, only ${ofStep.join(", ")}: steps.${name}.output.${field}?`;

const namesAssigned = /\{%-?\s*(?:assign|capture|increment|decrement)\s+["']?([\w-]+)/g;

/** The names of a read such as `steps.write.output`, as far as they are written down; undefined for anything else. */
function pathOf(token: Token | undefined): string[] | undefined {
  if (!TypeGuards.isPropertyAccessToken(token) || token.variable) return undefined;
  const names: string[] = [];
  for (const prop of token.props) {
    if (!TypeGuards.isWordToken(prop) && !TypeGuards.isQuotedToken(prop)) break;
    names.push(prop.content);
  }
  return names;
}

/** What a template writes out that is never there, whatever the run's data: only what it writes in any case is looked at. */
export function* doomedOutputs(
  text: string,
  templates: readonly Template[],
  extra: readonly string[],
): Generator<string> {
  const known = [...readable, ...extra, ...[...text.matchAll(namesAssigned)].map(([, name]) => name)];
  for (const template of templates) {
    if (!(template instanceof Output)) continue;
    const { initial, filters } = template.value;
    const [read, ...more] = initial.postfix;
    const [root, name, field] = (more.length === 0 && pathOf(read)) || [];
    // A default is for what is not there.
    if (root === undefined || filters.some((filter) => filter.name === "default")) continue;
    if (!known.includes(root))
      yield `There is no ${root} to read, only ${[...readable, ...extra].join(", ")}`;
    else if (root === "steps" && name !== undefined && field !== undefined && field !== "size") {
      const problem = problemOfField(name, field);
      if (problem !== undefined) yield problem;
    }
  }
}

const isCalled = (part: unknown, name: string): boolean =>
  isNode(part) && part.op === "call" && part.args[0] === name;

/** The name in `steps.{name}` or `steps["{name}"]`. */
function stepRead(part: unknown): string | undefined {
  if (!isNode(part) || (part.op !== "." && part.op !== "[]")) return undefined;
  const [of, name] = partsOf(part);
  if (!isNode(of) || of.op !== "id" || of.args !== "steps") return undefined;
  const key = isNode(name) && name.op === "value" ? name.args : name;
  return typeof key === "string" ? key : undefined;
}

/** What a CEL expression reads about steps that is never there; what it asks `has(...)` about may be missing. */
export function* doomedReads(ast: ASTNode | unknown): Generator<string> {
  if (isCalled(ast, "has")) return;
  if (isNode(ast) && ast.op === ".") {
    const [of, field] = partsOf(ast);
    const name = stepRead(of);
    const problem = name !== undefined && typeof field === "string" ? problemOfField(name, field) : undefined;
    if (problem !== undefined) yield problem;
  }
  for (const part of partsOf(ast)) yield* doomedReads(part);
}
