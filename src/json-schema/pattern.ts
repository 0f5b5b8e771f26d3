import { RE2JS } from "re2js";
import type { Work } from "./work.ts";

/** Longest regular expression accepted in a schema. */
const maxPatternLength = 500;
/** Steps of the matcher that take as long as one visit of a subschema. */
const stepsPerVisit = 64;
/** Largest matcher, in its instructions. */
const maxInstructions = 2000;

/** What JavaScript's `\s` means; RE2's is only ASCII. */
const spaces =
  "\\t-\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}";
const token = /\\p\{(?:Script|sc)=(\w+)\}|\\[\s\S]|[\s\S]/gu;

/** JavaScript's spelling of what RE2 calls otherwise. */
function inRe2Spelling(pattern: string): string {
  let inClass = false;
  const respelt = pattern.replace(token, (part: string, script?: string) => {
    if (script !== undefined) return `\\p{${script}}`;
    if (part === "\\s") return inClass ? spaces : `[${spaces}]`;
    if (part === "\\S" && !inClass) return `[^${spaces}]`;
    if (part === "[" && inClass) return "\\[";
    if (part === "[") inClass = true;
    if (part === "]") inClass = false;
    return part;
  });
  return RE2JS.translateRegExp(respelt);
}

/** A regular expression whose matching takes time in proportion to the text, whatever it says. */
export class Pattern {
  readonly #matcher: RE2JS;
  readonly #size: number;

  /** @throws when it is no regular expression that can be matched so */
  constructor(pattern: string) {
    this.#matcher = RE2JS.compile(inRe2Spelling(pattern));
    this.#size = this.#matcher.programSize();
  }

  /** Instructions of its matcher. */
  get size(): number {
    return this.#size;
  }

  /** Whether some part of the text matches. */
  test(text: string, work: Work): boolean {
    work.spend(((text.length + 1) * (this.#size + 10)) / stepsPerVisit);
    return this.#matcher.test(text);
  }
}

/** Why a regular expression cannot be used in a schema, or undefined. */
export function patternProblem(pattern: string): string | undefined {
  if (pattern.length > maxPatternLength) return `At most ${maxPatternLength} characters`;
  try {
    new RegExp(pattern, "u");
  } catch {
    return "Not a regular expression";
  }
  try {
    if (new Pattern(pattern).size <= maxInstructions) return undefined;
    return "Too large: fewer and smaller repetitions";
  } catch {
    return "Look-arounds, back references, repetitions beyond 1000 and unknown classes are not available";
  }
}
