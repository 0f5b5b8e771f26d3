import { DurableObject } from "cloudflare:workers";
import { z } from "zod";
import { dayOf } from "#src/kernel/clock.ts";
import type { PlatformMetricsApi } from "#src/objects/platform-metrics-api.ts";
import type { Batch } from "#src/observability/hand-over.ts";
import type { MetricName } from "#src/observability/metrics/catalogue.ts";
import { type Sample, sampleSchema, seriesOf } from "#src/observability/metrics/sample.ts";
import { HeardBatches } from "../handed-over/heard-batches.ts";
import { Midnight } from "./midnight.ts";
import { added, type Series } from "./totals.ts";

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
 * Adds up what all isolates have counted, one object for the platform (docs/operations.md#metrics). A metric is one row
 * with all its series, so a batch writes few rows however many requests it tells of.
 */
export class PlatformMetrics extends DurableObject<unknown> implements PlatformMetricsApi {
  readonly #sql: SqlStorage;
  readonly #heard: HeardBatches;
  readonly #midnight: Midnight;
  #metrics: ReadonlyMap<string, Series>;

  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#heard = new HeardBatches(ctx.storage);
    this.#midnight = new Midnight(ctx.storage.sql);
    this.#sql.exec(
      "CREATE TABLE IF NOT EXISTS metrics (name TEXT PRIMARY KEY, series TEXT NOT NULL) WITHOUT ROWID",
    );
    this.#metrics = this.#stored();
  }

  async take(given: Batch<Sample>): Promise<void> {
    const batch = batchSchema.parse(given);
    const now = Date.now();
    const taken = this.#heard.once(batch, now, () => {
      this.#midnight.keep(dayOf(now), this.#metrics);
      return this.#add(batch);
    });
    this.#metrics = taken ?? this.#metrics;
  }

  async read(): Promise<Sample[]> {
    return [...this.#metrics.values()].flatMap((series) => [...series.values()]);
  }

  async readToday(): Promise<Sample[]> {
    return this.#midnight.since(dayOf(Date.now()), this.#metrics);
  }

  #add({ things, dropped }: Pick<Batch<Sample>, "things" | "dropped">): ReadonlyMap<string, Series> {
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
    this.#sql.exec(
      "INSERT OR REPLACE INTO metrics (name, series) VALUES (?, ?)",
      name,
      JSON.stringify([...series.values()]),
    );
  }

  #stored(): ReadonlyMap<string, Series> {
    const rows = this.#sql.exec<{ name: string; series: string }>("SELECT name, series FROM metrics");
    return new Map(
      rows.toArray().map(({ name, series }) => {
        const samples = storedSchema.parse(JSON.parse(series));
        return [name, new Map(samples.map((sample) => [seriesOf(sample), sample]))];
      }),
    );
  }
}
