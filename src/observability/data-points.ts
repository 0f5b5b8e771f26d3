/** A request that was answered: what of it takes few values, and the milliseconds that it took. */
interface AnsweredRequest {
  method: string;
  /** The pattern of its route, never its path: there are as many of those as there are things. */
  route: string;
  status: string;
  ms: number;
}

export interface DataPointBindings {
  /** Bound where each request is to be a data point (docs/deployment.md#figures). */
  METRICS?: AnalyticsEngineDataset;
}

/** Writes a request as a data point of Analytics Engine; nothing unless a dataset is bound. */
export function writeDataPoint(
  { METRICS }: DataPointBindings,
  { method, route, status, ms }: AnsweredRequest,
): void {
  METRICS?.writeDataPoint({
    indexes: ["request"],
    blobs: ["request", method, route, status],
    doubles: [ms],
  });
}
