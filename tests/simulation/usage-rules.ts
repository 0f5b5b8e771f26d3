import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { kindOfAttempts, plusUsage } from "#src/engine/attempt-usage.ts";
import { dayOf } from "#src/kernel/clock.ts";
import type { RunCopy } from "#src/objects/platform-message.ts";
import { plusEntries, type UsageDay, usageEntriesOf } from "#src/objects/usage-day.ts";
import type { World } from "./world.ts";

const attemptSchema = z.object({
  correlation_id: z.string(),
  step_name: z.string(),
  agent_type: z.string(),
  model: z.string().nullable(),
  fuel: z.number(),
  tokens_in: z.number(),
  tokens_out: z.number(),
  cost_micros: z.number(),
  duration_ms: z.number(),
  success: z.number(),
});

const dayRows = z.array(z.object({ subject: z.string(), day: z.number(), usage: z.string() }));

/** What the attempts of a run have used, counted again. */
const usedBy = (attempts: readonly z.infer<typeof attemptSchema>[]) =>
  attempts.reduce(
    (sum, { step_name: step, agent_type: agentType, model, success, correlation_id, ...amounts }) =>
      plusUsage(sum, {
        [kindOfAttempts({ step, agentType, model })]: {
          count: 1,
          completed: success,
          failed: 1 - success,
          ...amounts,
        },
      }),
    {},
  );

/** What each run tells of its attempts is what they were, and the days of tenant and users are what their runs tell. */
export function* brokenUsageDays({ runs, readModels, object }: World): Generator<string> {
  const attempts = z.array(attemptSchema).parse(object.storage.read("SELECT * FROM attempts"));
  const expected = new Map<string, UsageDay>();
  for (const { header } of runs.values()) {
    const copy: RunCopy | undefined = header.parent === null ? readModels.copies.get(header.id) : undefined;
    if (!copy?.used || copy.completed_at === null) continue;
    const own = attempts.filter(({ correlation_id }) => correlation_id === header.id);
    if (!isDeepStrictEqual(copy.used, usedBy(own)))
      yield `${header.id} tells of ${JSON.stringify(copy.used)}, not ${JSON.stringify(usedBy(own))}`;
    for (const subject of ["", `user:${copy.user_id}`]) {
      const key = `${subject} on ${dayOf(copy.completed_at)}`;
      expected.set(key, plusEntries(expected.get(key) ?? {}, usageEntriesOf(copy, copy.instance_id)));
    }
  }
  const rows = dayRows.parse(
    object.storage.read("SELECT subject, day, usage FROM run_totals WHERE usage IS NOT NULL"),
  );
  const found = new Map(rows.map(({ subject, day, usage }) => [`${subject} on ${day}`, JSON.parse(usage)]));
  if (!isDeepStrictEqual(found, expected))
    yield `usage of days is ${JSON.stringify([...found])}, not ${JSON.stringify([...expected])}`;
}
