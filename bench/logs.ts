import type { Extent } from "./extent.ts";
import { byTurns } from "./load.ts";
import type { BenchPlatform } from "./platform.ts";
import { type Finding, perSecond } from "./report.ts";

/** Log lines a second, from the logger to where the last of them are kept, beside an object that keeps each in a row. */
export async function benchLogs(
  { baselineUrl }: BenchPlatform,
  { rounds, turns }: Extent,
): Promise<Finding[]> {
  const count = rounds * 1000;
  const measure = async (side: "platform" | "bare") => {
    const begun = performance.now();
    const body = JSON.stringify({ count });
    const answer = await fetch(`${baselineUrl}/lines/${side}`, { method: "POST", body });
    if (!answer.ok) throw new Error(`/lines/${side} answered ${answer.status}`);
    return (count * 1000) / (performance.now() - begun);
  };
  // The compiler needs some.
  for (const side of ["platform", "bare"] as const) await measure(side);
  const middle = await byTurns(
    { platform: () => measure("platform"), bare: () => measure("bare") },
    { turns, rate: (rate) => rate },
  );
  return [
    {
      what: "logs: lines, from the logger to where they are kept",
      measured: perSecond(middle("platform")),
      baseline: `${perSecond(middle("bare"))} a row each in a bare object`,
      ratio: middle("platform") / middle("bare"),
    },
  ];
}
