import type { CompactionsApi } from "./compaction-contract.ts";
import type { InsightsApi } from "./insights-contract.ts";
import type { TitlesApi } from "./title-contract.ts";
import type { TurnsApi } from "./turn-contract.ts";

/** What a conversation says to those who answer in it, and who make something of what was said. */
export type AnsweringApi = TurnsApi & CompactionsApi & InsightsApi & TitlesApi;
