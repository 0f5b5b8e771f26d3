import type { Extent } from "./extent.ts";
import type { BenchPlatform } from "./platform.ts";
import { atLeast, type Finding, perSecond } from "./report.ts";
import type { BenchSession } from "./session.ts";
import { requestsPerSecond } from "./throughput.ts";

/** What the gateway adds to a request. */
export async function benchRequests(
  { url }: BenchPlatform,
  { authorization }: BenchSession,
  { seconds }: Extent,
): Promise<Finding[]> {
  const bare = await requestsPerSecond(`${url}/bare`, { host: "baseline.test" }, seconds);
  const authenticated = await requestsPerSecond(`${url}/api/v1/auth/session`, { authorization }, seconds);
  return [
    atLeast(0.6, {
      what: "authenticated GET without storage work",
      measured: perSecond(authenticated),
      baseline: `${perSecond(bare)} bare Hono route`,
      ratio: authenticated / bare,
    }),
  ];
}
