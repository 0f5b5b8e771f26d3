import { setTimeout as pause } from "node:timers/promises";
import { apiClient, dataOf } from "#client/index.ts";
import type { Extent } from "./extent.ts";
import { byTurns } from "./load.ts";
import type { BenchPlatform } from "./platform.ts";
import { atLeast, type Finding, milliseconds, perSecond } from "./report.ts";
import type { BenchSession } from "./session.ts";
import { type Throughput, throughputOf } from "./throughput.ts";

/** Limits that are counted and that nothing here reaches. */
const wide = { minute: 1_000_000_000, hour: 1_000_000_000, day: 1_000_000_000 };

const path = "/api/v1/auth/session";

const shown = ({ perSecond: rate, cpuMs }: Throughput) => `${perSecond(rate)}, ${milliseconds(cpuMs)} of CPU`;

/** What counting a caller's calls, and telling them of it, takes from a request: beside a gateway that does not. */
export async function benchLimits(
  { url, gatewayUrl, pid }: BenchPlatform,
  { token, authorization }: BenchSession,
  { seconds, turns }: Extent,
): Promise<Finding[]> {
  const headers = { authorization };
  const api = apiClient({ baseUrl: url, token });
  const limit = async (rate_limits: { enterprise?: typeof wide }) =>
    dataOf(await api.PUT("/api/v1/admin/system/config", { body: { config: { rate_limits } } }));
  const limited = () => throughputOf({ url: `${url}${path}`, headers, pid }, seconds);
  const other = `${await gatewayUrl("unlimited")}${path}`;
  const unlimited = () => throughputOf({ url: other, headers, pid }, seconds);
  await limit({ enterprise: wide });
  try {
    while (!(await fetch(`${url}${path}`, { headers })).headers.has("x-ratelimit-limit")) await pause(100);
    await Promise.all([limited(), unlimited()]);
    const middle = await byTurns<string, Throughput>(
      { limited, unlimited },
      { turns, rate: (it) => it.perSecond },
    );
    const [counted, free] = [middle("limited"), middle("unlimited")];
    return [
      atLeast(0.97, {
        what: "authenticated GET with limits",
        measured: shown(counted),
        baseline: `${shown(free)}: without`,
        ratio: counted.perSecond / free.perSecond,
      }),
    ];
  } finally {
    await limit({});
  }
}
