import { consentTables } from "./tables/consents.ts";
import { newsTables } from "./tables/news.ts";

/** In order. Never edited after a release, and only ever expanding: a build that is rolled back to works on them. */
export const tableSteps: readonly string[] = [consentTables, newsTables];
