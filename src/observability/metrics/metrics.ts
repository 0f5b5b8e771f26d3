import { cutText } from "#src/text/cut-text.ts";
import type { Heap } from "../gathered.ts";
import {
  type CounterName,
  type HistogramName,
  type Labels,
  labelValues,
  type MetricName,
  metricOf,
} from "./catalogue.ts";
import { maxLabel, type Sample } from "./sample.ts";

/** Where what happens is counted. It is put into memory and costs nobody a call; see hand-over.ts for what follows. */
export interface Metrics {
  /** @param by how much more there is */
  count<N extends CounterName>(metric: N, labels: Labels<N>, by?: number): void;
  /** @param value in the unit of the metric's name */
  observe<N extends HistogramName>(metric: N, labels: Labels<N>, value: number): void;
}

/** Where nobody collects them. */
export const noMetrics: Metrics = { count: () => undefined, observe: () => undefined };

/** What this isolate has counted since it last handed over: a number for each series, however often it is counted. */
export class GatheredMetrics implements Metrics, Heap<Sample> {
  readonly #max: number;
  #series = new Map<string, Sample>();
  #dropped = 0;

  /** @param max series that find room */
  constructor(max = 5000) {
    this.#max = max;
  }

  get isEmpty(): boolean {
    return this.#series.size === 0 && this.#dropped === 0;
  }

  get isFull(): boolean {
    return this.#series.size >= this.#max / 2;
  }

  count<N extends CounterName>(metric: N, labels: Labels<N>, by = 1): void {
    const sample = this.#sampleOf(metric, labels);
    if (sample && by > 0) sample.value += by;
  }

  observe<N extends HistogramName>(metric: N, labels: Labels<N>, value: number): void {
    const sample = this.#sampleOf(metric, labels);
    const row = metricOf(metric);
    if (!sample || row.type !== "histogram") return;
    // A clock that was set back.
    const measured = Math.max(0, value);
    const within = row.buckets.findIndex((bound) => measured <= bound);
    const at = within < 0 ? row.buckets.length : within;
    sample.buckets ??= new Array<number>(row.buckets.length + 1).fill(0);
    sample.buckets[at] = (sample.buckets[at] ?? 0) + 1;
    sample.value += measured;
  }

  empty() {
    const gathered = { things: [...this.#series.values()], dropped: this.#dropped };
    this.#series = new Map();
    this.#dropped = 0;
    return gathered;
  }

  #sampleOf<N extends MetricName>(metric: N, labels: Labels<N>): Sample | undefined {
    const values = labelValues(metric, labels);
    const key = `${metric}\u0000${values.join("\u0000")}`;
    const known = this.#series.get(key);
    if (known) return known;
    if (this.#series.size >= this.#max) {
      this.#dropped++;
      return undefined;
    }
    const sample: Sample = { metric, labels: values.map((value) => cutText(value, maxLabel)), value: 0 };
    this.#series.set(key, sample);
    return sample;
  }
}
