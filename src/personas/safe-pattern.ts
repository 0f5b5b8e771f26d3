/** Longest regular expression accepted in a schema. */
const maxPatternLength = 500;

/** A quantifier with more than one possible count. */
const varies = (pattern: string, at: number): boolean => /^(?:[*+?]|\{\d+,\d*\})/.test(pattern.slice(at));
const repeats = (pattern: string, at: number): boolean =>
  /^(?:[*+]|\{\d+(?:,\d*)?\})/.test(pattern.slice(at));

/**
 * Why a regular expression must not be run on input from outside, or undefined.
 * Refuses what is not one, back references, and the shapes whose matching takes
 * exponential time: a repeated group that itself repeats or branches.
 */
export function patternProblem(pattern: string): string | undefined {
  if (pattern.length > maxPatternLength) return `At most ${maxPatternLength} characters`;
  try {
    new RegExp(pattern, "u");
  } catch {
    return "Not a regular expression";
  }
  if (/\\[1-9k]/.test(pattern.replaceAll("\\\\", ""))) return "Back references are not allowed";
  const groups: { varies: boolean }[] = [{ varies: false }];
  let inClass = false;
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at];
    if (character === "\\") at++;
    else if (inClass) inClass = character !== "]";
    else if (character === "[") inClass = true;
    else if (character === "(") groups.push({ varies: false });
    else if (character === ")") {
      const inner = groups.pop();
      const outer = groups.at(-1);
      if (!inner || !outer) continue;
      if (inner.varies && repeats(pattern, at + 1))
        return "A repeated group must not itself repeat or branch";
      outer.varies ||= inner.varies;
    } else if (character === "|" || (varies(pattern, at) && pattern[at - 1] !== "(")) {
      const group = groups.at(-1);
      if (group) group.varies = true;
    }
  }
  return undefined;
}
