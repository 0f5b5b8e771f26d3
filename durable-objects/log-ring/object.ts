import { DurableObject } from "cloudflare:workers";
import { z } from "zod";
import { logLevels } from "#src/kernel/log-level.ts";
import { waitAtMost } from "#src/kernel/wait-at-most.ts";
import type { KeptLine, LogFilter, LogRingApi } from "#src/objects/log-ring-api.ts";
import type { Batch } from "#src/observability/hand-over.ts";
import { lineText } from "#src/observability/log-line.ts";
import { HeardBatches } from "../handed-over/heard-batches.ts";
import { LogBlocks } from "./log-blocks.ts";

/** Lines that are kept of the whole platform. */
const keptLines = 50_000;
/** Lines that whoever follows is given at a time. */
const maxFollowed = 500;
const maxWaitMs = 30_000;

const count = z.number().int().nonnegative();
const batchSchema = z.object({
  source: z.string().min(1).max(100),
  number: count,
  things: z.array(z.string().max(100_000)).max(10_000),
  dropped: count,
});
const filterSchema = z.object({
  service: z.string().optional(),
  level: z.enum(logLevels).optional(),
  since: z.number().optional(),
  requestId: z.string().optional(),
  correlationId: z.string().optional(),
});
const pageSchema = z.object({ before: count.optional(), limit: z.number().int().min(1).max(1001) });

/** Keeps the last log lines of all Workers and objects, one object for the platform (docs/operations.md#logs). */
export class LogRing extends DurableObject<unknown> implements LogRingApi {
  readonly #blocks: LogBlocks;
  readonly #heard: HeardBatches;
  /** Told when lines have come. */
  #arrival = Promise.withResolvers<void>();

  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env);
    this.#heard = new HeardBatches(ctx.storage);
    this.#blocks = new LogBlocks(ctx.storage.sql, keptLines);
  }

  async take(given: Batch<string>): Promise<void> {
    const batch = batchSchema.parse(given);
    const now = Date.now();
    const lines = batch.things.map((line) => line.replaceAll("\n", " "));
    if (batch.dropped > 0) lines.push(lossOf(batch.dropped, now));
    this.#heard.once(batch, now, () => this.#blocks.append(lines, now));
    this.#arrival.resolve();
    this.#arrival = Promise.withResolvers<void>();
  }

  async read(filter: LogFilter, page: { before?: number; limit: number }): Promise<KeptLine[]> {
    return this.#blocks.read(filterSchema.parse(filter), pageSchema.parse(page));
  }

  async waitFor(
    filter: LogFilter,
    after: number | undefined,
    timeoutMs: number,
  ): Promise<{ lines: KeptLine[]; last: number }> {
    const wanted = filterSchema.parse(filter);
    const until = Date.now() + Math.min(timeoutMs, maxWaitMs);
    let last = after ?? this.#blocks.latest;
    for (;;) {
      const arrival = this.#arrival.promise;
      const found = this.#blocks.after(wanted, last, maxFollowed);
      last = found.last;
      const left = until - Date.now();
      if (found.lines.length > 0 || left <= 0) return found;
      await waitAtMost(arrival, left);
    }
  }
}

/** Says in the log itself that some of it is missing. */
const lossOf = (lines: number, now: number): string =>
  lineText({
    time: new Date(now).toISOString(),
    level: "warn",
    service: "log-ring",
    message: "log lines were lost: an isolate had no room for them, or could not hand them over",
    lines,
  });
