import { exports } from "cloudflare:workers";
import { apiClient } from "#client/index.ts";
import { conformanceOf, conforming } from "./conformance.ts";

const origin = "http://platform.test";

const judge = conformanceOf(await (await exports.default.fetch(`${origin}/openapi.json`)).json());

/** Calls the gateway in this isolate. An answer that its OpenAPI document does not promise is an error, here and below. */
export const call = async (path: string, init?: RequestInit): Promise<Response> =>
  conforming(
    judge,
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
      conforming(judge, request.method, request.url, await exports.default.fetch(request)),
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
