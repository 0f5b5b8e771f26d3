import { PersonaError, personaClient } from "#client/index.ts";
import { accessToken, renewed } from "./session.ts";

/** The platform's public API, as the signed-in account; nothing else of it is used. */
export const {
  api,
  runs,
  fetch: signedFetch,
  realtime,
} = personaClient({
  baseUrl: location.origin,
  token: { get: accessToken, renew: renewed },
});

/**
 * What has been answered without data.
 * @throws PersonaError where it is a refusal
 */
export function done({ error, response }: { error?: unknown; response: Response }): void {
  if (!response.ok) throw new PersonaError(response, error);
}
