import type { ASTNode } from "@marcbachmann/cel-js";

/** CEL's functions that look at every part of a list. */
const loops = new Set(["all", "exists", "exists_one", "map", "filter"]);

/** Operators that may look at the whole of what they are given. */
const scans = new Set(["in", "==", "!=", "+", "call", "rcall"]);

/** Functions that look at nothing but their own argument's first parts. */
const cheap = new Set(["size", "has", "int", "double", "bool", "type", "dyn"]);

/** Looks at parts of values that an expression may take, as its plan and the run's data tell beforehand. */
const maxWork = 50_000_000;

/** Whether a part of a parsed expression is a node of its tree. */
export const isNode = (value: unknown): value is ASTNode =>
  typeof value === "object" && value !== null && "op" in value && "args" in value;

/** The parts of a node, or of a list of nodes. */
export const partsOf = (part: unknown): unknown[] =>
  isNode(part) ? partsOf(part.args) : Array.isArray(part) ? part : [];

const isLoop = (part: unknown): boolean => isNode(part) && part.op === "rcall" && loops.has(part.args[0]);

/** How deep loops over lists are nested. */
const loopDepth = (part: unknown): number =>
  (isLoop(part) ? 1 : 0) + Math.max(0, ...partsOf(part).map(loopDepth));

/**
 * Refuses what no data could make harmless.
 * @throws when a parsed expression could take for ever
 */
export function checkCost(ast: ASTNode): void {
  if (loopDepth(ast) > 1) throw new Error("Functions over lists may not be nested");
  forEachNode(ast, (node) => {
    if (node.op !== "rcall") return;
    if (node.args[0] === "matches")
      throw new Error("matches() is not available: a regular expression can take for ever");
    if (node.args[0] === "bind")
      throw new Error("cel.bind() is not available: it can double a list again and again");
  });
}

function forEachNode(part: unknown, look: (node: ASTNode) => void): void {
  if (isNode(part)) look(part);
  for (const child of partsOf(part)) forEachNode(child, look);
}

interface Sizes {
  /** Parts of the longest list or map, and characters of the longest text. */
  list: number;
  text: number;
}

const isConstant = (part: unknown): boolean =>
  isNode(part) && (part.op === "value" || (part.op === "list" && partsOf(part).flat().every(isConstant)));

/** Whether a node may look at the whole of a value that is not written in the expression itself. */
function scansData(node: ASTNode): boolean {
  if (!scans.has(node.op) || isLoop(node)) return false;
  if (node.op === "call" || node.op === "rcall") return !cheap.has(String(partsOf(node)[0]));
  const [left, right] = partsOf(node);
  return node.op === "in" ? !isConstant(right) : !isConstant(left) && !isConstant(right);
}

const count = (part: unknown, counts: (node: ASTNode) => boolean): number => {
  let found = 0;
  forEachNode(part, (node) => {
    if (counts(node)) found++;
  });
  return found;
};

/** An upper bound of what an expression looks at, for data of a size. */
function workOf(part: unknown, sizes: Sizes, turns: number): number {
  const own = isNode(part) && scansData(part) ? sizes.list + sizes.text / 8 : 1;
  // Each sum of lists copies what the sums in it have copied.
  const copies = isNode(part) && part.op === "+" ? count(part, ({ op }) => op === "+") : 1;
  const inside = isLoop(part) ? turns * Math.max(1, sizes.list) : turns;
  return (
    turns * own * copies + partsOf(part).reduce((sum: number, child) => sum + workOf(child, sizes, inside), 0)
  );
}

/** The largest containers in a value. */
function sizesOf(value: unknown): Sizes {
  const sizes: Sizes = { list: 0, text: 0 };
  const open = [value];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    if (typeof part === "string") sizes.text = Math.max(sizes.text, part.length);
    if (typeof part !== "object" || part === null) continue;
    const parts: unknown[] = Array.isArray(part) ? part : Object.values(part);
    sizes.list = Math.max(sizes.list, parts.length);
    for (const inner of parts) if (inner !== undefined) open.push(inner);
  }
  return sizes;
}

/**
 * Refuses an expression that would take too long with this data. Nothing can
 * interrupt it once it runs, and the clock of a Worker stands still meanwhile.
 * @returns at how many parts of the data it may look; 0 for few
 * @throws when it would
 */
export function checkWork(ast: ASTNode, scope: object): number {
  if (loopDepth(ast) === 0 && count(ast, scansData) < 2) return 0;
  const sizes = sizesOf(scope);
  const isSplit = count(ast, ({ op, args }) => op === "rcall" && args[0] === "split") > 0;
  if (isSplit) sizes.list = Math.max(sizes.list, sizes.text);
  const work = workOf(ast, sizes, 1);
  if (work > maxWork) throw new Error("The data is too large for this expression");
  return work;
}
