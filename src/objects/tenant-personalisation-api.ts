import type { ConsentsApi } from "./consents-api.ts";
import type { ContextsApi } from "./contexts-api.ts";
import type { DataExportsApi } from "./data-exports-api.ts";
import type { ProfilesApi } from "./profiles-api.ts";

/** A tenant's personalisation: what it knows of persons, and what they have agreed to. */
export interface TenantPersonalisationApi extends ConsentsApi, ProfilesApi, ContextsApi, DataExportsApi {}
