import type { Extent } from "./extent.ts";
import { fillHistory } from "./history.ts";
import { besideEachOther, warm } from "./load.ts";
import { textSteps } from "./plans.ts";
import type { BenchPlatform } from "./platform.ts";
import { atMost, type Finding, milliseconds } from "./report.ts";
import type { BenchSession } from "./session.ts";

/** Whether lists stay as quick when history grows. */
export async function benchLists(
  platform: BenchPlatform,
  { instanceOf, reading }: BenchSession,
  { rounds, turns }: Extent,
): Promise<Finding[]> {
  const short = await instanceOf("Short history", textSteps(1));
  const long = await instanceOf("Long history", textSteps(1));
  await fillHistory(platform, short, 10);
  await fillHistory(platform, long, 100_000);
  const findings: Finding[] = [];
  for (const list of ["history", "logs"]) {
    const page = ({ id }: { id: string }) => reading(`/api/v1/personas/instances/${id}/${list}?limit=10`);
    const [ofFew, ofMany] = [page(short), page(long)];
    await warm(ofFew, ofMany);
    const [few, many] = await besideEachOther(ofFew, ofMany, { count: rounds, turns });
    findings.push(
      atMost(1.5, {
        what: `a page of ${list} among 100 000 runs (median)`,
        measured: milliseconds(many.median),
        baseline: `${milliseconds(few.median)} among 10`,
        ratio: many.median / few.median,
      }),
    );
  }
  return findings;
}
