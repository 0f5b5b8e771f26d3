import { env } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import { describe, expect, it } from "vitest";
import { database } from "#src/db/client.ts";
import { usageRecordSchema } from "#src/objects/platform-message.ts";
import { putDeadLetter } from "#src/read-models/dead-letter-repository.ts";
import { call, send } from "../../support/api.ts";
import { bodyOf } from "../../support/personas.ts";
import { createUser } from "../../support/users.ts";

const path = "/api/v1/admin/system/dead-letters";

interface Redriven {
  outcomes: { id: string; is_sent: boolean; message: string | null }[];
  sent: number;
  count: number;
  next_cursor: string | null;
}

/** A message of `platform-events` that everybody can read. */
const readable = () =>
  JSON.stringify(
    usageRecordSchema.parse({
      type: "usage",
      id: uuidv7(),
      client_id: "redriven_tenant",
      user_id: "user",
      instance_id: null,
      correlation_id: "run",
      step_name: "write",
      agent_type: "researcher",
      action: "ai_text_generate",
      model: null,
      fuel: 1,
      tokens_in: 1,
      tokens_out: 1,
      cost_micros: 1,
      duration_ms: 1,
      success: true,
      error_code: null,
      created_at: Date.now(),
    }),
  );

/** Dead letters of one reason, the first the oldest. */
async function letters(reason: string, bodies: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const [createdAt, body] of bodies.entries()) {
    const id = uuidv7();
    await putDeadLetter(database(env.DB), { id, queue: "platform-events", reason, body, createdAt });
    ids.push(id);
  }
  return ids;
}

const redrive = async (body: Record<string, unknown>) => {
  const { headers } = await createUser("operator", { role: "admin" });
  const asked = { queue: "platform-events", ...body };
  return bodyOf<Redriven>(await send("POST", `${path}/redrive`, asked, headers), 200);
};

describe("Dead letters of one reason", () => {
  it("are sent again, and those of another are not", async () => {
    const [first, second] = await letters("They were late", [readable(), readable()]);
    const [other = ""] = await letters("They were early", [readable()]);
    const { outcomes, sent } = await redrive({ reason: "They were late" });
    expect(outcomes).toEqual([
      { id: second, is_sent: true, message: null },
      { id: first, is_sent: true, message: null },
    ]);
    expect(sent).toBe(2);
    const { headers } = await createUser("operator", { role: "admin" });
    const { dead_letters } = await bodyOf<{ dead_letters: { id: string; redriven_at: string | null }[] }>(
      await call(`${path}?queue=platform-events&limit=100`, { headers }),
      200,
    );
    expect(dead_letters.find(({ id }) => id === other)?.redriven_at).toBeNull();
    expect(dead_letters.find(({ id }) => id === first)?.redriven_at).toEqual(expect.any(String));
  });

  it("are sent once: who asks again finds none left", async () => {
    await letters("They were lost", [readable()]);
    expect(await redrive({ reason: "They were lost" })).toMatchObject({ sent: 1 });
    expect(await redrive({ reason: "They were lost" })).toMatchObject({ outcomes: [], sent: 0, count: 0 });
  });

  it("that can never succeed say why, and keep nobody from those behind them", async () => {
    const [good, bad] = await letters("They were mixed", [readable(), '{"nonsense":true}']);
    const first = await redrive({ reason: "They were mixed", limit: 1 });
    expect(first).toMatchObject({ outcomes: [{ id: bad, is_sent: false }], sent: 0 });
    expect(first.outcomes[0]?.message).toContain("cannot be read");
    const rest = await redrive({ reason: "They were mixed", limit: 1, cursor: first.next_cursor });
    expect(rest).toMatchObject({ outcomes: [{ id: good, is_sent: true }], sent: 1, next_cursor: null });
  });
});

it("Without a reason all of a queue are sent again that nobody has", async () => {
  const ids = [...(await letters("One thing", [readable()])), ...(await letters("Another", [readable()]))];
  const { outcomes } = await redrive({});
  expect(outcomes.filter(({ is_sent }) => is_sent).map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
});

it("Both lists of what is left are read along an index", async () => {
  const plan = async (condition: string) => {
    const sql = `EXPLAIN QUERY PLAN SELECT * FROM dead_letters WHERE queue = 'a' AND ${condition}
      redriven_at IS NULL ORDER BY created_at DESC, id DESC LIMIT 51`;
    const { results } = await env.DB.prepare(sql).all<{ detail: string }>();
    return results.map(({ detail }) => detail);
  };
  expect(await plan("")).toEqual([expect.stringContaining("USING INDEX dead_letters_left (")]);
  expect(await plan("reason = 'b' AND")).toEqual([
    expect.stringContaining("USING INDEX dead_letters_left_for ("),
  ]);
});
