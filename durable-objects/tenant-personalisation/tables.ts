import { consentTables } from "./tables/consents.ts";
import { coverageTables } from "./tables/coverage.ts";
import { exportTables } from "./tables/exports.ts";
import { insightTables } from "./tables/insights.ts";
import { newsTables } from "./tables/news.ts";
import { profileTables } from "./tables/profiles.ts";
import { recommendationTables } from "./tables/recommendations.ts";

/** In order. Never edited after a release, and only ever expanding: a build that is rolled back to works on them. */
export const tableSteps: readonly string[] = [
  consentTables,
  newsTables,
  profileTables,
  exportTables,
  recommendationTables,
  insightTables,
  coverageTables,
];
