/** The door of `questions`: what other rooms may import of it. */
export { answerQuestion } from "./answer-question.ts";
export { askAnalytics } from "./ask-analytics.ts";
export { getAnalyticsCatalogue } from "./get-analytics-catalogue.ts";
export { analyticsAnswerSchema } from "./schemas.ts";
