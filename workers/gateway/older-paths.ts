import { getPath } from "hono/utils/url";

/** The prefixes of the older services; `chat`'s paths are those of this API below `/api/v1`, like all others'. */
const older = /^\/api\/(?=(?:auth|chat|admin|personalization)(?:\/|$))/;

/** Below this, whoever asks is meant (docs/personalisation.md#profile). */
const belowOneself = /^\/api\/v1\/user\/personalization(?=\/)/;

/** What has an address for each person; what is made there has none yet. */
const ofPersons = /^\/api\/v1\/personalization\/(?:user-profile|context)(?=\/|$)/;

/** The path that a request means: what the older gateway sent to its services needs no `v1`, and nobody their own id. */
export function meantPath(request: Request): string {
  const path = getPath(request).replace(older, "/api/v1/");
  if (!belowOneself.test(path)) return path;
  const meant = path.replace(belowOneself, "/api/v1/personalization");
  return request.method === "POST" ? meant : meant.replace(ofPersons, "$&/me");
}

/** Whether a request's path says that whoever asks is meant. */
export const isOfOneself = (request: Request): boolean => belowOneself.test(getPath(request));
