import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Settings } from "#src/kernel/config.ts";
import { createApp } from "#workers/gateway/app.ts";

/**
 * A gateway that limits calls, as an isolate of its own: what it has been granted nobody else has.
 * @param over bindings and settings in the place of some
 */
export function limitedGateway(over: Partial<Record<keyof typeof env | keyof Settings, unknown>> = {}) {
  const app = createApp();
  const bound = { ...env, RATE_LIMITS: "on", ...over };
  return async (path: string, init?: RequestInit): Promise<Response> =>
    app.fetch(new Request(`http://platform.test${path}`, init), bound, createExecutionContext());
}

/** What an answer says of limits: limit and what is left. */
export const limitAndLeft = ({ headers }: Response): (string | null)[] => [
  headers.get("x-ratelimit-limit"),
  headers.get("x-ratelimit-remaining"),
];

/** How many answers have each status. */
export const statuses = (answers: readonly Response[]): Record<number, number> => {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};
