import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { startPlatform } from "#bench/platform.ts";
import { apiClient, dataOf } from "#client/index.ts";
import { demo } from "#scripts/local/options.ts";
import { signedIn } from "../support/outside.ts";

const path = "/api/v1/auth/session";
const password = "Correct-Horse-9";
let number = 0;

/** A new account, of the tier that everybody begins with. */
async function registered(baseUrl: string) {
  const email = `limited${Date.now()}-${number++}@demo.test`;
  const body = { email, password, client_id: demo.clientId };
  const { access_token } = dataOf(await apiClient({ baseUrl }).POST("/api/v1/auth/register", { body }));
  return { email, headers: { authorization: `Bearer ${access_token}` } };
}

/** The statuses of so many calls at once, one gateway after the other being asked. */
async function statusesOf(count: number, urls: readonly string[], call: (url: string) => Promise<Response>) {
  const statuses = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const answer = await call(urls[index % urls.length] ?? "");
      await answer.arrayBuffer();
      return answer.status;
    }),
  );
  const of = (wanted: number) => statuses.filter((status) => status === wanted).length;
  return { of, others: (...known: number[]) => statuses.filter((status) => !known.includes(status)) };
}

it("npm start limits as a deployment does: at each step the answer says what is left, then 429", async () => {
  const baseUrl = inject("baseUrl");
  const { headers } = await registered(baseUrl);
  const said: (string | null)[][] = [];
  for (let call = 0; call < 61; call++) {
    const answer = await fetch(`${baseUrl}${path}`, { headers });
    await answer.arrayBuffer();
    said.push([String(answer.status), answer.headers.get("x-ratelimit-remaining")]);
  }
  const steps = Array.from({ length: 60 }, (_, call) => ["200", String(59 - call)]);
  expect(said).toEqual([...steps, ["429", "0"]]);
});

it("An address that a caller makes up is none on a machine of one's own", async () => {
  const baseUrl = inject("baseUrl");
  const leftAt = async (ip: string) => {
    const answer = await fetch(`${baseUrl}${path}`, { headers: { "cf-connecting-ip": ip } });
    return Number(answer.headers.get("x-ratelimit-remaining"));
  };
  const first = await leftAt("203.0.113.1");
  expect(await leftAt("203.0.113.2")).toBe(first - 1);
});

describe("Four gateways that let the same callers in at once", () => {
  let platform: Awaited<ReturnType<typeof startPlatform>>;
  let urls: string[] = [];
  beforeAll(async () => {
    platform = await startPlatform({ gateways: { second: {}, third: {}, fourth: {} } });
    const others = ["second", "third", "fourth"].map((name) => platform.gatewayUrl(name));
    urls = [platform.url, ...(await Promise.all(others))];
  });
  afterAll(() => platform.stop());

  it("answer 60 of 200 requests of a free account, within 2 %", async () => {
    const { headers } = await registered(platform.url);
    const { of, others } = await statusesOf(200, urls, (url) => fetch(`${url}${path}`, { headers }));
    expect(others(200, 429)).toEqual([]);
    expect(of(200)).toBeGreaterThanOrEqual(60 * 0.98);
    expect(of(200)).toBeLessThanOrEqual(60);
  });

  it("answer 300 of 400 requests of one that has been given the tier basic, within 2 %, also after some of them", async () => {
    const { email } = await registered(platform.url);
    const { api } = await signedIn(platform.url, "admin");
    const { users } = dataOf(await api.GET("/api/v1/admin/users", { params: { query: { email } } }));
    const user_id = users[0]?.id ?? "";
    dataOf(
      await api.PUT("/api/v1/admin/users/{user_id}", {
        params: { path: { user_id } },
        body: { subscription_tier: "basic" },
      }),
    );
    const { access_token } = dataOf(
      await apiClient({ baseUrl: platform.url }).POST("/api/v1/auth/login", { body: { email, password } }),
    );
    const headers = { authorization: `Bearer ${access_token}` };
    // One after the other, so that gateways get reserves that they do not use up.
    for (let call = 0; call < 40; call++)
      expect((await fetch(`${urls[call % 4]}${path}`, { headers })).status).toBe(200);
    const { of } = await statusesOf(400, urls, (url) => fetch(`${url}${path}`, { headers }));
    expect(40 + of(200)).toBeGreaterThanOrEqual(300 * 0.98);
    expect(40 + of(200)).toBeLessThanOrEqual(300);
  });

  it("let an address try 100 times to sign in, within 2 %", async () => {
    const body = JSON.stringify({ refresh_token: "none" });
    const headers = { "content-type": "application/json" };
    const begun = await fetch(`${platform.url}/api/v1/auth/refresh`, { method: "POST", headers, body });
    const left = Number(begun.headers.get("x-ratelimit-remaining"));
    const { of } = await statusesOf(150, urls, (url) =>
      fetch(`${url}/api/v1/auth/refresh`, { method: "POST", headers, body }),
    );
    expect(of(401)).toBeGreaterThanOrEqual(left - 2);
    expect(of(401)).toBeLessThanOrEqual(left);
    expect(of(401) + of(429)).toBe(150);
  });
});
