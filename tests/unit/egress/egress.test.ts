import { describe, expect, it } from "vitest";
import { beginningOf } from "#src/egress/beginning-of.ts";
import { egressOf } from "#src/egress/egress.ts";
import { EgressError, egressErrorOf } from "#src/egress/egress-error.ts";
import { settingsOf } from "#src/kernel/config.ts";

const resolver = "https://dns.example.com/dns-query";
const call = {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: "{}",
  timeoutMs: 2000,
  maxRequestBytes: 1000,
  maxAnswerBytes: 1000,
} as const;

type Answers = Record<string, { A?: string[]; AAAA?: string[]; status?: number }>;

/** A world with these names, in which everything that is called answers in the same way. */
function world(names: Answers, answer: () => Response | Promise<Response> = () => new Response("ok")) {
  const asked: string[] = [];
  const called: Request[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    if (url.origin !== new URL(resolver).origin) {
      called.push(request);
      return answer();
    }
    const [name = "", type = ""] = [url.searchParams.get("name"), url.searchParams.get("type")].map(String);
    asked.push(`${type} ${name}`);
    const { status = 0, A = [], AAAA = [] } = names[name] ?? { status: 3 };
    const records =
      type === "A" ? A.map((data) => ({ type: 1, data })) : AAAA.map((data) => ({ type: 28, data }));
    return Response.json({ Status: status, Answer: [{ type: 5, data: "alias.example.com." }, ...records] });
  };
  let now = 1_000_000;
  const settings = { DNS_OVER_HTTPS_URL: resolver, EGRESS_ALLOW_LOOPBACK: false };
  return {
    asked,
    called,
    wait: (ms: number) => {
      now += ms;
    },
    egress: egressOf(settings, fetch, () => now),
  };
}

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => "none",
    (error: unknown) => (error instanceof EgressError ? error.failure : error),
  );

const good = { "hooks.example.com": { A: ["93.184.216.34"], AAAA: ["2606:4700::1"] } };

describe("A call that goes out", () => {
  it("says what it was given, and nothing else", async () => {
    const { egress, called } = world(good);
    const answer = await egress.call("https://hooks.example.com/in", call);
    expect(await answer.text()).toBe("ok");
    expect(called.map(({ method, url, redirect }) => [method, url, redirect])).toEqual([
      ["POST", "https://hooks.example.com/in", "manual"],
    ]);
    expect([...(called[0]?.headers.keys() ?? [])]).toEqual(["content-type"]);
  });

  it("goes to names of which every address is public", async () => {
    for (const [address, failure] of [
      ["93.184.216.34", "none"],
      ["127.0.0.1", "TARGET_REFUSED"],
      ["169.254.169.254", "TARGET_REFUSED"],
      ["not an address", "TARGET_REFUSED"],
    ] as const) {
      const { egress, called } = world({ "hooks.example.com": { A: ["93.184.216.34", address] } });
      expect(await failureOf(egress.call("https://hooks.example.com/", call)), address).toBe(failure);
      expect(called.length).toBe(failure === "none" ? 1 : 0);
    }
    for (const address of ["::1", "fd00::1", "::ffff:10.0.0.1", "fe80::1"]) {
      const { egress } = world({ "hooks.example.com": { A: ["93.184.216.34"], AAAA: [address] } });
      expect(await failureOf(egress.check("https://hooks.example.com/")), address).toBe("TARGET_REFUSED");
    }
  });

  it("does not go where nobody knows the name, or the name server does not answer", async () => {
    const { egress, called } = world({ "broken.example.com": { status: 2 }, "empty.example.com": {} });
    for (const name of ["none", "broken", "empty"])
      expect(await failureOf(egress.call(`https://${name}.example.com/`, call))).toBe("NAME_UNRESOLVED");
    expect(called).toEqual([]);
  });

  it("asks for a name again when half a minute has passed, since it may lead elsewhere", async () => {
    const names: Answers = { ...good };
    const { egress, asked, wait } = world(names);
    await egress.call("https://hooks.example.com/a", call);
    await egress.call("https://HOOKS.example.com./b", call);
    expect(asked).toEqual(["A hooks.example.com", "AAAA hooks.example.com"]);
    names["hooks.example.com"] = { A: ["10.0.0.1"] };
    wait(30_000);
    expect(await failureOf(egress.call("https://hooks.example.com/c", call))).toBe("TARGET_REFUSED");
  });

  it("to an address asks no name server", async () => {
    const { egress, asked } = world({});
    await egress.call("https://93.184.216.34/", call);
    await egress.call("https://[2606:4700::1]/", call);
    expect(asked).toEqual([]);
  });

  it("follows no redirect", async () => {
    const location = "http://169.254.169.254/";
    for (const status of [301, 302, 303, 307, 308]) {
      const { egress, called } = world(good, () => new Response(null, { status, headers: { location } }));
      const error = await egress.call("https://hooks.example.com/", call).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ failure: "REDIRECTED", status });
      expect(called.length).toBe(1);
    }
  });

  it("is bounded in what it sends", async () => {
    const { egress, called } = world(good);
    const large = { ...call, body: "ü".repeat(501) };
    expect(await failureOf(egress.call("https://hooks.example.com/", large))).toBe("REQUEST_TOO_LARGE");
    expect(called).toEqual([]);
  });

  it("is bounded in what it reads", async () => {
    const { egress } = world(good, () => new Response("x".repeat(1001)));
    const answer = await egress.call("https://hooks.example.com/", call);
    expect(egressErrorOf(await answer.text().catch((caught: unknown) => caught)).failure).toBe(
      "ANSWER_TOO_LARGE",
    );
  });

  it("ends in time, also where an answer begins and does not end", async () => {
    const never = new Promise<Response>(() => {});
    const silent = world(good, () => never);
    const brief = { ...call, timeoutMs: 20 };
    expect(await failureOf(silent.egress.call("https://hooks.example.com/", brief))).toBe("TIMEOUT");
    const hanging = world(
      good,
      () => new Response(new ReadableStream({ pull: () => new Promise(() => {}) })),
    );
    const answer = await hanging.egress.call("https://hooks.example.com/", brief);
    expect(egressErrorOf(await answer.text().catch((caught: unknown) => caught)).failure).toBe("TIMEOUT");
  });

  it("that reaches nobody says so in our own words", async () => {
    const { egress } = world(good, () => Promise.reject(new TypeError("connect ECONNREFUSED 10.1.2.3:443")));
    const error = await egress.call("https://hooks.example.com/", call).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ failure: "UNREACHABLE", message: "Could not be reached" });
  });
});

it("Of a long answer its beginning can be read, as whole characters", async () => {
  const { body } = new Response("ü".repeat(1000));
  expect(await beginningOf(body, 11)).toEqual({ text: "ü".repeat(11), isCut: true });
  expect(await beginningOf(new Response("all").body, 11)).toEqual({ text: "all", isCut: false });
  expect(await beginningOf(null, 11)).toEqual({ text: "", isCut: false });
});

it("A deployed platform does not start with receivers on its own machine allowed", () => {
  const settings = { EGRESS_ALLOW_LOOPBACK: "true" };
  expect(() => settingsOf({ ...settings })).toThrow(/EGRESS_ALLOW_LOOPBACK/);
  expect(settingsOf({ ...settings, ENVIRONMENT: "development" }).EGRESS_ALLOW_LOOPBACK).toBe(true);
  expect(settingsOf({}).EGRESS_ALLOW_LOOPBACK).toBe(false);
});
