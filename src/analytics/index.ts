/** The door of `analytics`: what other rooms may import of it. */

export { getConversationAnalytics } from "./conversations/get-conversation-analytics.ts";
export { followAnalyticsConsent } from "./counting/consent-repository.ts";
export { consumeCountedEvents, isAboutCounting } from "./counting/consume-counted-events.ts";
export { countingOf } from "./counting/count-events.ts";
export { getDashboard } from "./dashboard/get-dashboard.ts";
export { figuresAsCsv } from "./figures/figures-as-csv.ts";
export { countFunnels } from "./funnels/count-funnels.ts";
export { createFunnel } from "./funnels/create-funnel.ts";
export { deleteFunnel } from "./funnels/delete-funnel.ts";
export { getFunnel } from "./funnels/get-funnel.ts";
export { getFunnelResult } from "./funnels/get-funnel-result.ts";
export { listFunnels } from "./funnels/list-funnels.ts";
export { updateFunnel } from "./funnels/update-funnel.ts";
export { getUsageSeries } from "./get-usage-series.ts";
export { getUsageSeriesOfPlatform } from "./get-usage-series-of-platform.ts";
export { pruneAnalytics } from "./keeping/prune-analytics.ts";
export { sketchActivePersons } from "./keeping/sketch-active-persons.ts";
export { getRecommendationAnalytics } from "./recommendations/get-recommendation-analytics.ts";
export { getRetention } from "./retention/get-retention.ts";
export { measureStorage } from "./storage/measure-storage.ts";
export { getSystemAnalytics } from "./system/get-system-analytics.ts";
export { getUserAnalytics } from "./users/get-user-analytics.ts";
