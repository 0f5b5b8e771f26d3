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

it("A text is told once, also where the step that ends the run gives it as its result", async () => {
  const baseUrl = "http://platform.test";
  const output = { text: "Tea" };
  const steps = [
    { name: "write", tasks: { completed: 1 }, output },
    { name: "done", tasks: {}, output },
  ];
  const api = apiClient({ baseUrl, fetch: async () => Response.json({ correlation_id: "run", steps }) });
  const run = new Run("run", { api, baseUrl, fetch: async () => new Response(null, { status: 204 }) });
  const told = [];
  for await (const update of run.text()) told.push(update);
  expect(told).toEqual([{ taskId: "run.write.main", step: "write", text: "Tea", added: "Tea" }]);
});
