import type { ConsentsApi } from "./consents-api.ts";

/** A tenant's personalisation: what it knows of persons, and what they have agreed to. */
export interface TenantPersonalisationApi extends ConsentsApi {
  /** Removes everything that is known of a person, for good. A repeat changes nothing. */
  erasePerson(personId: string): Promise<void>;
}
