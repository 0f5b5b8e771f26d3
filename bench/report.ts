/** One measured ratio, and what it should be where there is a goal. */
export interface Finding {
  what: string;
  measured: string;
  baseline: string;
  ratio: number;
  goal?: string;
  met?: boolean;
}

type Measured = Omit<Finding, "goal" | "met">;

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

/** A finding that should be within a limit of its own, in whatever it is measured in. */
export const within = (limit: number, what: string, value: number, shown: (value: number) => string) =>
  atMost(1, { what, measured: shown(value), baseline: `${shown(limit)} (the goal)`, ratio: value / limit });

const number = (value: number) => value.toFixed(value < 10 ? 2 : 0);

/** The findings as a Markdown table. */
export function table(findings: readonly Finding[]): string {
  const said = (met: boolean | undefined) => (met === undefined ? "–" : met ? "yes" : "**no**");
  const rows = findings.map(
    ({ what, measured, baseline, ratio, goal, met }) =>
      `| ${what} | ${measured} | ${baseline} | ${number(ratio)} | ${goal ?? "–"} | ${said(met)} |`,
  );
  return ["| what | platform | beside it | ratio | goal | met |", "|---|---|---|---|---|---|", ...rows].join(
    "\n",
  );
}

export const milliseconds = (value: number) => `${value.toFixed(value < 1 ? 3 : 1)} ms`;
export const perSecond = (value: number) => `${value.toFixed(0)} /s`;
