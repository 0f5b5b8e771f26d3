import { DurableObject } from "cloudflare:workers";
import { Hono } from "hono";
import { z } from "zod";
import type { ObjectBindings } from "#src/objects/objects.ts";
import { Gathered } from "#src/observability/gathered.ts";
import { lineText } from "#src/observability/log-line.ts";
import { createLogger } from "#src/observability/logger.ts";
import type { Logs } from "#src/observability/logs.ts";
import { Things } from "#src/observability/things.ts";

/** What is measured against: an object that keeps lines, a row each, and forgets none. */
export class BareLines extends DurableObject<unknown> {
  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env);
    ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS lines (seq INTEGER PRIMARY KEY, line TEXT NOT NULL)");
  }

  async keep(lines: readonly string[]): Promise<void> {
    for (const line of lines) this.ctx.storage.sql.exec("INSERT INTO lines (line) VALUES (?)", line);
  }
}

export interface LinesEnv extends Pick<ObjectBindings, "LOG_RING"> {
  BARE_LINES: DurableObjectNamespace<BareLines>;
}

/** Lines that an isolate brings away at once. */
const atOnce = 2000;

const askedSchema = z.object({ count: z.number() });

/** What the line of a request says. */
const fields = {
  request_id: "01934f5c-8a3e-7b6d-9c2f-4e1a7d5b8c90",
  trace_id: "0af7651916cd43dd8448eb211c80319c",
  method: "GET",
  path: "/api/v1/projects",
  status: 200,
  duration_ms: 7,
  user_id: "01934f5c-8a3e-7b6d-9c2f-4e1a7d5b8c91",
  client_id: "bench",
  address: "198.51.100.1",
  agent: "bench/1.0",
};

/** Sizes of the batches that so many lines make. */
const batchesOf = (count: number): number[] =>
  Array.from({ length: Math.ceil(count / atOnce) }, (_, index) => Math.min(atOnce, count - index * atOnce));

/** Has lines logged and kept: by the platform's logger and ring, or by what is barely needed for it. */
export const lines = new Hono<{ Bindings: LinesEnv }>()
  .post("/platform", async (c) => {
    const { count } = askedSchema.parse(await c.req.json());
    const ring = c.env.LOG_RING.getByName("bench");
    const things = new Things<string>(2 * atOnce);
    const gathered = new Gathered(things, { name: "lines", take: (batch) => ring.take(batch) });
    // Beside the console, which costs the same on both sides.
    const logs: Logs = { write: (_, line) => things.record(lineText(line)) };
    const log = createLogger("bench", "info", {}, logs);
    for (const size of batchesOf(count)) {
      for (let line = 0; line < size; line++) log.info("request", fields);
      await gathered.handOver();
    }
    return c.json({ count });
  })
  .post("/bare", async (c) => {
    const { count } = askedSchema.parse(await c.req.json());
    const object = c.env.BARE_LINES.getByName("bench");
    for (const size of batchesOf(count))
      await object.keep(
        Array.from({ length: size }, () =>
          JSON.stringify({ time: new Date().toISOString(), message: "request", ...fields }),
        ),
      );
    return c.json({ count });
  });
