/** Questions that are understood, for who has asked one that is not. */
export const questionExamples = [
  "Revenue by product last month, top 3",
  "Orders by day in the last 14 days",
  "Which personas had the most executions this week?",
] as const;
