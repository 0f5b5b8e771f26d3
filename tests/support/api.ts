import { exports } from "cloudflare:workers";
import { apiClient } from "../../src/client/api-client.ts";

const origin = "http://platform.test";

/** Calls the gateway in this isolate. */
export const call = (path: string, init?: RequestInit): Promise<Response> =>
  exports.default.fetch(`${origin}${path}`, init);

/** The generated client, talking to the gateway in this isolate. */
export const api = (token?: string) =>
  apiClient({ baseUrl: origin, token, fetch: (request: Request) => exports.default.fetch(request) });

/** A JSON call; for requests that the typed client would not let pass. */
export const send = (
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> =>
  call(path, {
    method,
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
