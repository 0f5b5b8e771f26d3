import { exports } from "cloudflare:workers";
import { apiClient } from "../../src/client/api-client.ts";
import { conformanceOf } from "./conformance.ts";

const origin = "http://platform.test";

const judge = conformanceOf(await (await exports.default.fetch(`${origin}/openapi.json`)).json());

/** The response, if it is one that the OpenAPI document promises; every call of every test is held against it. */
async function conforming(method: string, url: string, response: Response): Promise<Response> {
  const path = new URL(url).pathname;
  const verdict = await judge({ method, path, response });
  if (verdict.problems.length === 0) return verdict.response;
  throw new Error(
    `Not as the OpenAPI document has it: ${method} ${path} → ${response.status}: ${verdict.problems.join("; ")}`,
  );
}

/** Calls the gateway in this isolate. */
export const call = async (path: string, init?: RequestInit): Promise<Response> =>
  conforming(
    init?.method ?? "GET",
    `${origin}${path}`,
    await exports.default.fetch(`${origin}${path}`, init),
  );

/** The generated client, talking to the gateway in this isolate. */
export const api = (token?: string) =>
  apiClient({
    baseUrl: origin,
    token,
    fetch: async (request: Request) =>
      conforming(request.method, request.url, await exports.default.fetch(request)),
  });

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
