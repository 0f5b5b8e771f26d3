import { cutText } from "#src/text/cut-text.ts";

interface Bound {
  about: string;
  side: "lower" | "upper";
  value: number;
  constraint: string;
}

const upper = [
  "<=",
  "<",
  "at most",
  "no more than",
  "less than",
  "under",
  "below",
  "up to",
  "max",
  "maximum",
];
const lower = [">=", ">", "at least", "no less than", "more than", "over", "above", "min", "minimum"];
const operators = [...upper, ...lower].sort((a, b) => b.length - a.length);
const comparison = new RegExp(
  `^(.*?)\\s*(?<![a-z])(${operators.join("|")})(?![a-z])\\s*[$€£]?\\s*(\\d[\\d,]*(?:\\.\\d+)?)\\s*(k|m)?(?![a-z0-9])\\s*(.*)$`,
);
const filler = /\b(?:must|should|shall|has to|have to|needs? to|be|is|are|of|the|a|an|cost|costs)\b/g;
const scale: Record<string, number> = { k: 1000, m: 1_000_000 };
const negations =
  /\b(?:must not|should not|shall not|cannot|may not|mustn't|do not|don't|not|no|never|without)\b/;

const plain = (text: string): string =>
  text
    .replaceAll(filler, " ")
    .replaceAll(/[^a-z0-9%/ ]+/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();

function boundOf(constraint: string): Bound | undefined {
  const [, subject = "", operator = "", digits = "", unit = "", rest = ""] =
    comparison.exec(cutText(constraint.toLowerCase(), 1000)) ?? [];
  if (digits === "") return undefined;
  return {
    about: `${plain(subject)}|${plain(rest)}`,
    side: upper.includes(operator) ? "upper" : "lower",
    value: Number(digits.replaceAll(",", "")) * (scale[unit] ?? 1),
    constraint,
  };
}

/**
 * Pairs of constraints that cannot hold together, as far as that shows without
 * understanding them: limits on the same thing that leave nothing between them
 * (`budget < 10k`, `budget at least 20k`), and a demand beside its negation. What
 * needs understanding is asked of the model.
 */
export function findConflicts(constraints: readonly string[]): [string, string][] {
  const bounds = constraints.flatMap((constraint) => boundOf(constraint) ?? []);
  const gaps = bounds
    .filter(({ side }) => side === "lower")
    .flatMap((least) =>
      bounds
        .filter(({ side, about, value }) => side === "upper" && about === least.about && value < least.value)
        .map((most): [string, string] => [least.constraint, most.constraint]),
    );
  return [...gaps, ...contradictions(constraints)];
}

function contradictions(constraints: readonly string[]): [string, string][] {
  const statements = constraints.map((constraint) => {
    const text = constraint.toLowerCase();
    return { constraint, negated: negations.test(text), about: plain(text.replace(negations, " ")) };
  });
  return statements
    .filter(({ negated, about }) => negated && about !== "")
    .flatMap((refusal) =>
      statements
        .filter(({ negated, about }) => !negated && about === refusal.about)
        .map((demand): [string, string] => [demand.constraint, refusal.constraint]),
    );
}
