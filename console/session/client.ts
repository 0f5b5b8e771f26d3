import { apiClient } from "#client/api.ts";
import { PersonaError } from "#client/errors.ts";
import { signedFetch as signedBy } from "#client/signed-fetch.ts";
import { callTokens } from "./acting.ts";

/** Any request of the platform, signed: a picture, a file. */
export const signedFetch = signedBy((request) => fetch(request), callTokens);

/** The platform's public API, as the signed-in account; nothing else of it is used. */
export const api = apiClient({ baseUrl: location.origin, fetch: signedFetch });

/**
 * What has been answered without data.
 * @throws PersonaError where it is a refusal
 */
export function done({ error, response }: { error?: unknown; response: Response }): void {
  if (!response.ok) throw new PersonaError(response, error);
}
