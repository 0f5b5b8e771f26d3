import { getPath } from "hono/utils/url";

/** The prefixes of the older services; `chat`'s paths are those of this API below `/api/v1`, like all others'. */
const older = /^\/api\/(?=(?:auth|chat|admin|personalization)(?:\/|$))/;

/** The path that a request means: what the older gateway sent to its services needs no `v1`. */
export const meantPath = (request: Request): string => getPath(request).replace(older, "/api/v1/");
