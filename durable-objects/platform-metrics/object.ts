import { DurableObject } from "cloudflare:workers";
import { z } from "zod";
import type { PlatformMetricsApi } from "#src/objects/platform-metrics-api.ts";
import type { Batch } from "#src/observability/hand-over.ts";
import type { MetricName } from "#src/observability/metrics/catalogue.ts";
import { type Sample, sampleSchema, seriesOf } from "#src/observability/metrics/sample.ts";
import { added, type Series } from "./totals.ts";

/** An isolate that has been silent for so long hands nothing over again that it has handed over before. */
const silentMs = 3_600_000;
/** How often those are forgotten. */
const sweepMs = 600_000;

const lost: MetricName = "ai_persona_metrics_lost_total";

const count = z.number().int().nonnegative();
const batchSchema = z.object({
  source: z.string().min(1).max(100),
  number: count,
  things: z.array(sampleSchema).max(10_000),
  dropped: count,
});
const storedSchema = z.array(sampleSchema);

/**
 * Adds up what all isolates have counted, one object for the platform. A metric is one row with all its series, so a
 * batch writes few rows however many requests it tells of; what is added, and that the batch was, is one transaction.
 */
export class PlatformMetrics extends DurableObject<unknown> implements PlatformMetricsApi {
  readonly #storage: DurableObjectStorage;
  #metrics: ReadonlyMap<string, Series>;
  #sweptAt = 0;

  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env);
    this.#storage = ctx.storage;
    this.#storage.sql.exec(`
      CREATE TABLE IF NOT EXISTS metrics (name TEXT PRIMARY KEY, series TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS sources (
        id TEXT PRIMARY KEY, number INTEGER NOT NULL, heard_at INTEGER NOT NULL) WITHOUT ROWID;
    `);
    this.#metrics = this.#stored();
  }

  async take(given: Batch<Sample>): Promise<void> {
    const { source, number, things, dropped } = batchSchema.parse(given);
    const now = Date.now();
    const after = this.#storage.transactionSync(() => {
      if (!this.#isNew(source, number)) return this.#metrics;
      this.#hear(source, number, now);
      return this.#add(things, dropped);
    });
    this.#metrics = after;
    this.#sweep(now);
  }

  async read(): Promise<Sample[]> {
    return [...this.#metrics.values()].flatMap((series) => [...series.values()]);
  }

  /** An isolate's batches come one after the other, so a number that is not above the last has come before. */
  #isNew(source: string, number: number): boolean {
    const query = "SELECT number FROM sources WHERE id = ? AND number >= ?";
    return this.#storage.sql.exec(query, source, number).toArray().length === 0;
  }

  #hear(source: string, number: number, now: number): void {
    const heard = `INSERT INTO sources (id, number, heard_at) VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE SET number = excluded.number, heard_at = excluded.heard_at`;
    this.#storage.sql.exec(heard, source, number, now);
  }

  #add(things: readonly Sample[], dropped: number): ReadonlyMap<string, Series> {
    const metrics = new Map(this.#metrics);
    let isLost = dropped;
    for (const [name, samples] of Map.groupBy(things, ({ metric }) => metric)) {
      const { series, refused } = added(metrics.get(name) ?? new Map(), samples);
      isLost += refused;
      this.#put(metrics, name, series);
    }
    if (isLost > 0) {
      const sample = { metric: lost, labels: [], value: isLost };
      this.#put(metrics, lost, added(metrics.get(lost) ?? new Map(), [sample]).series);
    }
    return metrics;
  }

  #put(metrics: Map<string, Series>, name: string, series: Series): void {
    metrics.set(name, series);
    this.#storage.sql.exec(
      "INSERT OR REPLACE INTO metrics (name, series) VALUES (?, ?)",
      name,
      JSON.stringify([...series.values()]),
    );
  }

  #stored(): ReadonlyMap<string, Series> {
    const rows = this.#storage.sql.exec<{ name: string; series: string }>("SELECT name, series FROM metrics");
    return new Map(
      rows.toArray().map(({ name, series }) => {
        const samples = storedSchema.parse(JSON.parse(series));
        return [name, new Map(samples.map((sample) => [seriesOf(sample), sample]))];
      }),
    );
  }

  #sweep(now: number): void {
    if (Math.abs(now - this.#sweptAt) < sweepMs) return;
    this.#sweptAt = now;
    this.#storage.sql.exec("DELETE FROM sources WHERE heard_at < ?", now - silentMs);
  }
}
