import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { api, call } from "#tests/support/api.ts";
import { configure, configureNothing } from "#tests/support/configuration.ts";
import { createUser } from "#tests/support/users.ts";

const operator = await createUser("operator", { role: "admin" });
const client = api(operator.token);

beforeAll(async () => {
  await configure({ log_level: "info" });
  // Now this isolate knows.
  await ask(uuidv7());
});
afterAll(configureNothing);

const read = async (query: {
  request_id?: string;
  service?: string;
  level?: "error";
  since?: string;
  limit?: number;
  cursor?: string;
}) => {
  const { data } = await client.GET("/api/v1/admin/system/logs", { params: { query } });
  if (typeof data !== "object") throw new Error("No lines");
  return data;
};

/** Lines of a request that has been told of. */
const linesOf = (request_id: string, count = 1) =>
  vi.waitFor(async () => {
    const { logs } = await read({ request_id });
    expect(logs).toHaveLength(count);
    return logs;
  }, 5000);

const ask = (requestId: string, path = "/api/v1/user/profile") =>
  call(path, { headers: { ...operator.headers, "x-request-id": requestId, "user-agent": "tea/1.0" } });

describe("GET /admin/system/logs", () => {
  it("tells the line of a request: who asked, from where, with what, and what came of it", async () => {
    const requestId = uuidv7();
    await ask(requestId);
    expect(await linesOf(requestId)).toEqual([
      {
        timestamp: expect.any(String),
        service: "gateway",
        level: "info",
        message: "request",
        metadata: {
          request_id: requestId,
          trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
          method: "GET",
          path: "/api/v1/user/profile",
          status: 200,
          duration_ms: expect.any(Number),
          user_id: operator.actor.userId,
          client_id: "operator",
          address: "unknown",
          agent: "tea/1.0",
        },
      },
    ]);
  });

  it("tells those that are asked for, page by page", async () => {
    const requestId = uuidv7();
    for (let again = 0; again < 5; again++) await ask(requestId);
    await linesOf(requestId, 5);
    const first = await read({ request_id: requestId, limit: 3 });
    expect([first.total, first.query]).toEqual([3, { limit: 3 }]);
    const rest = await read({ request_id: requestId, limit: 3, cursor: first.next_cursor ?? "" });
    expect([rest.total, rest.next_cursor]).toEqual([2, null]);
    expect((await read({ request_id: requestId, level: "error" })).logs).toEqual([]);
    expect((await read({ request_id: requestId, service: "agents" })).logs).toEqual([]);
    const later = new Date(Date.now() + 60_000).toISOString();
    expect((await read({ request_id: requestId, since: later })).logs).toEqual([]);
  });

  it("with follow tells lines as they come, after the one that is known", async () => {
    const requestId = uuidv7();
    const path = `/api/v1/admin/system/logs?follow=true&request_id=${requestId}`;
    const stream = async (headers: Record<string, string> = {}) => {
      const answer = await call(path, { headers: { ...operator.headers, ...headers } });
      expect(answer.headers.get("content-type")).toContain("text/event-stream");
      const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
      return {
        next: async () => (await reader?.read())?.value ?? "",
        close: () => reader?.cancel(),
      };
    };
    const following = await stream();
    const next = following.next();
    await ask(requestId);
    const said = await next;
    expect(said).toContain("event: log\n");
    expect(said).toContain(`"request_id":"${requestId}"`);
    await following.close();
    const [, number = ""] = /^id: (\d+)$/m.exec(said) ?? [];
    const again = await stream({ "last-event-id": String(Number(number) - 1) });
    expect(await again.next()).toBe(said);
    await again.close();
  });

  it("is for the operator's administrators, up to a thousand lines, and knows its parameters", async () => {
    const { headers } = await createUser("logs_elsewhere", { role: "admin" });
    expect((await call("/api/v1/admin/system/logs", { headers })).status).toBe(403);
    for (const query of ["limit=1001", "level=loud", "since=yesterday", "word=tea"]) {
      const answer = await call(`/api/v1/admin/system/logs?${query}`, { headers: operator.headers });
      expect(answer.status, query).toBe(400);
    }
  });
});
