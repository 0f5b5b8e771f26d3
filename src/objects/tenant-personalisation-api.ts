import type { ConsentsApi } from "./consents-api.ts";
import type { ContextsApi } from "./contexts-api.ts";
import type { DataExportsApi } from "./data-exports-api.ts";
import type { ReadPersonsApi } from "./insights-contract.ts";
import type { ProfilesApi } from "./profiles-api.ts";
import type { RecommendationsApi } from "./recommendations-api.ts";

/** A tenant's personalisation: what it knows of persons, what they have agreed to, and what it recommends. */
export interface TenantPersonalisationApi
  extends ConsentsApi,
    ProfilesApi,
    ContextsApi,
    DataExportsApi,
    ReadPersonsApi,
    RecommendationsApi {}
