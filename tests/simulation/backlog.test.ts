import { expect, it } from "vitest";
import { migrate } from "#durable-objects/tenant-workflows/migrate.ts";
import { plan, startRequest, usage } from "../support/plans.ts";
import { assemble } from "./simulated-parts.ts";
import { SimulatedStorage } from "./simulated-storage.ts";

const id = "018bcfe5-6800-7000-8000-000000000000";
const [first, second] = [`${id}.each.0`, `${id}.each.1`];
const day = 86_400_000;

/** The real parts of a tenant that may have one task out at a time, with two to do within a minute each, begun at 0. */
function started() {
  const storage = new SimulatedStorage();
  migrate(storage);
  const parts = assemble(
    storage,
    () => id,
    { tasksAtOnce: 1 },
    () => undefined,
  );
  const each = { action: "web_search", for_each: "[0, 1]", timeout_seconds: 60 };
  parts.desk.start(startRequest("tenant", { plan: plan("each", { each }) }), 0);
  const run = () => {
    const found = parts.runs.load(id);
    if (!found) throw new Error("The run is gone");
    return found;
  };
  /** Sends what is due, as the delivery does. */
  const send = (now: number): string[] => {
    const due = parts.tasks.due(now, 100);
    parts.leases.sent(due, now);
    return due.map((task) => task.id);
  };
  const complete = (taskId: string, now: number) =>
    parts.tasks.complete({ taskId, attempt: 1, result: { output: { results: [] }, usage } }, now).applied;
  return { ...parts, run, send, complete };
}

it("A task that waits for its turn is not given up, and has its whole time when the turn comes", async () => {
  const { desk, tasks, run, send, complete } = started();
  expect(send(0)).toEqual([first]);
  expect(await tasks.claim(first, 1, 59_000)).toMatchObject({ ok: true });
  expect(complete(first, 59_000)).toBe(true);
  expect(send(59_000)).toEqual([second]);
  expect(await tasks.claim(second, 1, 65_000)).toMatchObject({
    ok: true,
    value: { deadline: 125_000 },
  });
  desk.tick(run(), 125_000);
  expect(run()).toMatchObject({ status: "failed", error: { code: "TASK_TIMEOUT" } });
});

it("A task whose turn comes after its time would have been over has its whole time, too", async () => {
  const { desk, tasks, run, send, complete } = started();
  send(0);
  complete(first, 59_999);
  desk.tick(run(), 3_600_000);
  expect(run().status).toBe("running");
  expect(send(3_600_000)).toEqual([second]);
  expect(await tasks.claim(second, 1, 3_600_000)).toMatchObject({ ok: true, value: { deadline: 3_660_000 } });
});

it("A task that a consumer has taken is given up when its time is over", async () => {
  const { desk, tasks, run, send } = started();
  send(0);
  await tasks.claim(first, 1, 0);
  desk.tick(run(), 60_000);
  expect(run()).toMatchObject({ status: "failed", error: { code: "TASK_TIMEOUT" } });
});

it("A task that nobody has taken does not time out as if it had been worked on, and then has its whole time", async () => {
  const { desk, tasks, run, send } = started();
  send(0);
  desk.tick(run(), 60_000);
  expect(run().status).toBe("running");
  expect(await tasks.claim(first, 1, 1_000_000)).toMatchObject({ ok: true, value: { deadline: 1_060_000 } });
  desk.tick(run(), 1_060_000);
  expect(run()).toMatchObject({ status: "failed", error: { code: "TASK_TIMEOUT" } });
});

it("A task that nobody has taken is claimed also in the moment after its time, and one that was taken is not", async () => {
  const { tasks, send } = started();
  send(0);
  expect(await tasks.claim(first, 1, 60_001)).toMatchObject({ ok: true, value: { deadline: 120_001 } });
  expect(await tasks.claim(first, 1, 120_001)).toMatchObject({ ok: false });
});

it("A task whose turn never comes is given up after a day", () => {
  const { desk, run, complete } = started();
  desk.tick(run(), 60_000);
  desk.tick(run(), day + 59_999);
  expect(run().status).toBe("running");
  expect(complete(first, day + 59_999)).toBe(true);
  desk.tick(run(), day + 60_000);
  expect(run()).toMatchObject({ status: "failed", error: { code: "TASK_TIMEOUT" } });
});

it("A task that waits a moment keeps its deadline, which costs no write", () => {
  const { run, send, complete } = started();
  send(0);
  complete(first, 5000);
  const { revision } = run();
  expect(send(5000)).toEqual([second]);
  expect(run()).toMatchObject({ revision, tasks: { [second]: { deadline: 60_000 } } });
});
