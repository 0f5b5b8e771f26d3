/** One measured ratio and what it should be. */
export interface Finding {
  what: string;
  measured: string;
  baseline: string;
  ratio: number;
  goal: string;
  met: boolean;
}

type Measured = Omit<Finding, "ratio" | "goal" | "met"> & { ratio: number };

/** A finding that should be no more than so many times its baseline. */
export const atMost = (goal: number, finding: Measured): Finding => ({
  ...finding,
  goal: `≤ ${goal}`,
  met: finding.ratio <= goal,
});

/** A finding that should be at least so many times its baseline. */
export const atLeast = (goal: number, finding: Measured): Finding => ({
  ...finding,
  goal: `≥ ${goal}`,
  met: finding.ratio >= goal,
});

const number = (value: number) => value.toFixed(value < 10 ? 2 : 0);

/** The findings as a Markdown table. */
export function table(findings: readonly Finding[]): string {
  const rows = findings.map(
    ({ what, measured, baseline, ratio, goal, met }) =>
      `| ${what} | ${measured} | ${baseline} | ${number(ratio)} | ${goal} | ${met ? "yes" : "**no**"} |`,
  );
  return ["| what | platform | baseline | ratio | goal | met |", "|---|---|---|---|---|---|", ...rows].join(
    "\n",
  );
}

export const milliseconds = (value: number) => `${value.toFixed(1)} ms`;
export const perSecond = (value: number) => `${value.toFixed(0)} /s`;
