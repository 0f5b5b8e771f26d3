/** The door of `questions`: what other rooms may import of it. */
export { askAnalytics } from "./ask-analytics.ts";
export { getAnalyticsCatalogue } from "./get-analytics-catalogue.ts";
