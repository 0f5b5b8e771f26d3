/** The door of `analytics`: what other rooms may import of it. */
export { getDashboard } from "./dashboard/get-dashboard.ts";
export { getUsageSeries } from "./get-usage-series.ts";
export { getUsageSeriesOfPlatform } from "./get-usage-series-of-platform.ts";
export { measureStorage } from "./storage/measure-storage.ts";
