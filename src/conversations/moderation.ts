import { Pattern } from "#src/json-schema/pattern.ts";
import { TooMuchWork, Work } from "#src/json-schema/work.ts";
import type { ModerationAction } from "#src/kernel/chat-words.ts";
import { WordLists } from "./word-lists.ts";

/** What is not wanted, and what becomes of it. */
export interface Rule {
  name: string;
  words: readonly string[];
  /** A regular expression; null for none. */
  pattern: string | null;
  action: ModerationAction;
}

/** The gravest first: of several rules that a text fits that one decides. */
const gravity: readonly ModerationAction[] = ["ban", "refuse", "hold", "flag"];

/** Whether a text is not taken, by what rules say of it. */
export const isRefused = (verdict: { action: ModerationAction } | undefined): boolean =>
  verdict?.action === "refuse" || verdict?.action === "ban";

/** Rules as texts are held against them; made once for many texts. */
export class Moderation<R extends Rule> {
  readonly #rules: readonly R[];
  readonly #words: WordLists;
  readonly #patterns: readonly (readonly [number, Pattern])[];

  constructor(rules: readonly R[]) {
    this.#rules = rules.toSorted((one, other) => gravity.indexOf(one.action) - gravity.indexOf(other.action));
    this.#words = new WordLists(this.#rules.map(({ words }) => words));
    this.#patterns = this.#rules.flatMap(({ pattern }, rank) =>
      pattern === null ? [] : [[rank, new Pattern(pattern)] as const],
    );
  }

  /** Whether texts are held against anything. */
  get hasRules(): boolean {
    return this.#rules.length > 0;
  }

  /**
   * The gravest rule that a text fits, with what becomes of it. One that could not be tried, because the patterns of all
   * rules took too long together, has the text flagged: somebody is to look at it.
   */
  judge(text: string): { rule: R; action: ModerationAction } | undefined {
    const work = new Work();
    let best = this.#words.firstIn(text) ?? this.#rules.length;
    let untried: R | undefined;
    for (const [rank, pattern] of this.#patterns) {
      if (rank >= best) break;
      const fits = tried(pattern, text, work);
      if (fits === undefined) untried ??= this.#rules[rank];
      else if (fits) best = rank;
    }
    const rule = this.#rules[best];
    if (rule) return { rule, action: rule.action };
    return untried && { rule: untried, action: "flag" };
  }
}

/** Whether a text fits; undefined where that would take too long. */
function tried(pattern: Pattern, text: string, work: Work): boolean | undefined {
  try {
    return pattern.test(text, work);
  } catch (error) {
    if (error instanceof TooMuchWork) return undefined;
    throw error;
  }
}
