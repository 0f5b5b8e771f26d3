import { v7 as uuidv7 } from "uuid";
import { type ApiClient, apiClient, dataOf } from "#client/index.ts";
import { demo } from "#scripts/local/options.ts";
import type { Plan } from "#src/engine/plans/plan.ts";
import { conformanceOf, conforming, type Judge } from "./conformance.ts";

const judges = new Map<string, Judge>();

/** `fetch` that fails on answers which the server's OpenAPI document does not promise. */
export const checkedFetch =
  (baseUrl: string) =>
  async (input: Request | string, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const judge = judges.get(baseUrl) ?? conformanceOf(await (await fetch(`${baseUrl}/openapi.json`)).json());
    judges.set(baseUrl, judge);
    return conforming(judge, request.method, request.url, await fetch(request));
  };

/** Signs a demo account in from outside, over HTTP. */
export async function signedIn(baseUrl: string, role: "admin" | "user" = "user") {
  const account = demo.accounts.find((candidate) => candidate.role === role);
  if (!account) throw new Error(`no demo account is ${role}`);
  const { email, password } = account;
  const { access_token: token } = dataOf(
    await apiClient({ baseUrl, fetch: checkedFetch(baseUrl) }).POST("/api/v1/auth/login", {
      body: { email, password },
    }),
  );
  return { token, api: apiClient({ baseUrl, token, fetch: checkedFetch(baseUrl) }) };
}

/** Polls until `look` gives something; for what only time and other processes bring. */
export async function eventually<T>(
  look: () => Promise<T | undefined>,
  timeoutMs = 30_000,
  everyMs = 50,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`Not within ${timeoutMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

/** An instance of the user's own with this plan; its template is made by an administrator. */
export async function instanceWith(
  { administrator, user }: { administrator: ApiClient; user: ApiClient },
  workflow: Plan,
  config: Record<string, unknown> = { model: "claude-haiku-5-5" },
): Promise<string> {
  const body = {
    name: `Plan ${uuidv7()}`,
    description: "",
    category: "tests",
    config: { ...config, workflow },
  };
  const { id } = dataOf(await administrator.POST("/api/v1/templates", { body }));
  const instance = { template_id: id, name: "Mine" };
  return dataOf(await user.POST("/api/v1/personas/instances", { body: instance })).id;
}
