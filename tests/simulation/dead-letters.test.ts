import { expect, it } from "vitest";
import { migrate } from "#durable-objects/tenant-workflows/migrate.ts";
import { plan, startRequest } from "../support/plans.ts";
import { assemble } from "./simulated-parts.ts";
import { SimulatedStorage } from "./simulated-storage.ts";

const id = "018bcfe5-6800-7000-8000-000000000000";
const task = `${id}.write.main`;
const failure = { error: { code: "BOOM", message: "It broke", retryable: true } };

const letter = (attempt: number | undefined, reason: string) => ({
  taskId: task,
  attempt,
  reason,
  retryable: false,
});

/** The real parts, with a run of one step that may be tried twice, begun at 0. */
function started() {
  const storage = new SimulatedStorage();
  migrate(storage);
  const parts = assemble(
    storage,
    () => id,
    {},
    () => undefined,
  );
  const retry = { max_attempts: 2, backoff_seconds: 0 };
  const request = startRequest("tenant", {
    plan: plan("write", { write: { action: "ai_text_generate", retry } }),
  });
  parts.desk.start(request, 0);
  return { ...parts, status: () => parts.runs.load(id)?.status };
}

it("A dead letter fails a task that nobody works on", () => {
  const { tasks, status } = started();
  expect(tasks.failDead(letter(1, "Delivered too often"), 100)).toEqual({ applied: true });
  expect(status()).toBe("failed");
});

it("A dead letter that does not say its attempt means the present one", () => {
  const { tasks, status } = started();
  expect(tasks.failDead(letter(undefined, "Malformed"), 100)).toEqual({ applied: true });
  expect(status()).toBe("failed");
});

it("A dead letter does not fail a task that a consumer has from another copy of the message", async () => {
  const { tasks, status } = started();
  expect(await tasks.claim(task, 1, 100)).toMatchObject({ ok: true });
  expect(tasks.failDead(letter(1, "Delivered too often"), 200)).toEqual({ applied: false });
  expect(status()).toBe("running");
  // Its lease has run out: the consumer has died.
  expect(tasks.failDead(letter(1, "Delivered too often"), 60_000)).toEqual({ applied: true });
});

it("A dead letter of an attempt that is over does not fail the next one", () => {
  const { tasks, desk, runs, status } = started();
  tasks.fail(task, 1, failure, 100);
  const run = runs.load(id);
  if (!run) throw new Error("The run is gone");
  desk.tick(run, 200);
  expect(tasks.failDead(letter(1, "Delivered too often"), 300)).toEqual({ applied: false });
  expect(status()).toBe("running");
});

it("A task that died of trouble on the way is tried again, if its step says so", () => {
  const { tasks, runs, status } = started();
  const died = { ...letter(1, "Delivered too often"), retryable: true };
  expect(tasks.failDead(died, 100)).toEqual({ applied: true });
  expect(status()).toBe("running");
  expect(runs.load(id)?.tasks[task]).toMatchObject({ status: "waiting", attempt: 2 });
});
