import { afterEach, expect, it, vi } from "vitest";
import { apiClient } from "#client/api.ts";
import { Run } from "#client/run.ts";

afterEach(() => {
  vi.useRealTimers();
});

it("Who is told to come again later follows a run again then, and not before", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const baseUrl = "http://platform.test";
  let calls = 0;
  const fetch = async () =>
    ++calls === 1
      ? Response.json(
          { error: "RATE_LIMIT_EXCEEDED", message: "Later" },
          { status: 429, headers: { "retry-after": "7" } },
        )
      : new Response(null, { status: 204 });
  const next = new Run("run", { api: apiClient({ baseUrl }), baseUrl, fetch }).events().next();
  await vi.advanceTimersByTimeAsync(6900);
  expect(calls).toBe(1);
  await vi.advanceTimersByTimeAsync(200);
  expect(await next).toEqual({ done: true, value: undefined });
  expect(calls).toBe(2);
});
