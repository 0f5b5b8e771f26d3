import { expect, it, vi } from "vitest";
import { migrate } from "#durable-objects/tenant-workflows/migrate.ts";
import { plan, startRequest, usage } from "../support/plans.ts";
import { assemble } from "./simulated-parts.ts";
import { SimulatedStorage } from "./simulated-storage.ts";

const many = plan("many", { many: { action: "ai_text_generate", for_each: "[1, 2, 3, 4, 5]" } });

/** An object with one place, and a run of five tasks for each user; gives whose tasks go out, one after the other. */
function oneAfterTheOther(users: readonly string[], most: number): string[] {
  const storage = new SimulatedStorage();
  migrate(storage);
  let ids = 0;
  const { desk, tasks, runs, leases } = assemble(
    storage,
    () => `run${++ids}`,
    { tasksAtOnce: 1 },
    () => undefined,
  );
  for (const userId of users) desk.start(startRequest("tenant", { plan: many, userId }), 0);
  const served: string[] = [];
  for (let now = 1; now <= most; now++) {
    const due = tasks.due(now, 100);
    leases.sent(due, now);
    for (const { id, runId } of due) {
      served.push(runs.load(runId)?.header.userId ?? "nobody");
      tasks.complete({ taskId: id, attempt: 1, result: { output: {}, usage } }, now);
    }
  }
  return served;
}

it("Users who have equally many places take turns, whatever they are called and however much they have waiting", () => {
  expect(oneAfterTheOther(["zoe", "ann", "ben"], 9).toSorted()).toEqual(
    ["ann", "ben", "zoe"].flatMap((user) => [user, user, user]),
  );
});

/** How many statements it takes to see whose tasks go out. */
function statementsOfALook(users: number): number {
  const storage = new SimulatedStorage();
  migrate(storage);
  let ids = 0;
  const { desk, tasks } = assemble(
    storage,
    () => `run${++ids}`,
    { tasksAtOnce: 4 * users },
    () => undefined,
  );
  for (let user = 0; user < users; user++)
    desk.start(startRequest("tenant", { plan: many, userId: `user ${user}` }), 0);
  const exec = vi.spyOn(storage.sql, "exec");
  expect(tasks.due(1, 1000).length).toBeGreaterThanOrEqual(users);
  return exec.mock.calls.length;
}

it("A look at what waits takes as few statements for many users as for one", () => {
  expect(statementsOfALook(30)).toBe(statementsOfALook(1));
});
