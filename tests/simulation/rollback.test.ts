import { expect, it } from "vitest";
import { migrate } from "#durable-objects/tenant-workflows/migrate.ts";
import { advance } from "#src/engine/engine.ts";
import { isFinished, type RunState } from "#src/engine/run-state.ts";
import { viewOf } from "#src/objects/run-projection.ts";
import { oneTextStep, plan, startRequest, usage } from "../support/plans.ts";
import { assemble } from "./simulated-parts.ts";
import { SimulatedStorage } from "./simulated-storage.ts";

const twoSteps = plan("first", {
  first: { action: "ai_text_generate", next_step: "second" },
  second: { action: "ai_text_generate" },
});
const delegating = plan("go", { go: { action: "delegate", topic: "workflow:inner" } });
const result = { output: { text: "Tea!" }, usage };

/** An object's storage, and its parts as this build puts them together; `begin` is a new instance. */
function object() {
  const storage = new SimulatedStorage();
  let ids = 0;
  const begin = () => {
    migrate(storage);
    return assemble(
      storage,
      () => `run${++ids}`,
      {},
      () => undefined,
    );
  };
  return { storage, begin };
}

type Parts = ReturnType<ReturnType<typeof object>["begin"]>;

const complete = (parts: Parts, taskId: string, now: number) =>
  parts.tasks.complete({ taskId, attempt: 1, result }, now).report;

const viewIn = ({ runs }: Parts, id: string) => {
  const run = runs.load(id);
  return run && viewOf(run, runs.childrenOf(run));
};

/** What a build of before folded runs and blocks of events asks of the tables, to the letter. */
function former({ sql }: SimulatedStorage) {
  const all = (query: string, ...values: SqlStorageValue[]) => sql.exec(query, ...values).toArray();
  return {
    load(id: string): RunState {
      const [row] = all(
        "SELECT header, body, root_id FROM runs JOIN headers ON run_id = id WHERE id = ?",
        id,
      );
      const states = (query: string, key: string) =>
        Object.fromEntries(
          all(query, id)
            .map(({ state }) => JSON.parse(String(state)))
            .map((state) => [state[key], state]),
        );
      return {
        ...JSON.parse(String(row?.body)),
        header: JSON.parse(String(row?.header)),
        steps: states("SELECT state FROM steps WHERE run_id = ?", "name"),
        tasks: states("SELECT state FROM tasks WHERE run_id = ? ORDER BY rowid", "id"),
      };
    },
    /** Writes a run that has ended, as it did, with an event. */
    end({ header, steps, tasks, ...body }: RunState) {
      all(
        "UPDATE runs SET status = ?, body = ?, wake_at = ?, completed_at = ? WHERE id = ?",
        body.status,
        JSON.stringify(body),
        null,
        body.completedAt,
        header.id,
      );
      for (const step of Object.values(steps))
        all(
          "INSERT OR REPLACE INTO steps (run_id, name, state) VALUES (?, ?, ?)",
          header.id,
          step.name,
          JSON.stringify(step),
        );
      for (const task of Object.values(tasks))
        all(
          "UPDATE tasks SET state = ?, send_at = ?, claimed_until = NULL, deliveries = 0 WHERE id = ?",
          JSON.stringify(task),
          null,
          task.id,
        );
      all(
        "INSERT INTO events (event, entity_id, owner_user_id, data, at) VALUES (?, ?, ?, ?, ?)",
        "execution.completed",
        header.id,
        header.userId,
        "{}",
        body.updatedAt,
      );
    },
    archived: () =>
      all(
        "SELECT id FROM runs WHERE completed_at IS NOT NULL AND root_id IS NULL AND completed_at < ?",
        1e15,
      ),
    out: () =>
      all(
        `SELECT id FROM tasks WHERE queue IN ('agent-tasks-normal') AND deliveries > 0 AND send_at <= ? ORDER BY send_at`,
        1e15,
      ),
  };
}

it("A build that is rolled back to shows what has ended, archives none of it by half, and goes on with what has not", async () => {
  const { storage, begin } = object();
  const ours = begin();
  ours.desk.start(startRequest("tenant", { plan: oneTextStep }), 0);
  await complete(ours, "run1.write.main", 1);
  const workflows = { inner: { id: "inner", version: 1, plan: oneTextStep } };
  ours.desk.start(startRequest("tenant", { plan: delegating, workflows }), 2);
  await complete(ours, "run3.write.main", 3);
  ours.desk.start(startRequest("tenant", { plan: twoSteps }), 4);
  const views = ["run1", "run2", "run3"].map((id) => viewIn(ours, id));
  const told = ours.log.read({ since: 0, limit: 100 }).events;

  const theirs = former(storage);
  expect(theirs.load("run1")).toMatchObject({ status: "completed", result: { text: "Tea!" }, steps: {} });
  expect(theirs.archived()).toEqual([]);
  expect(theirs.out()).toEqual([{ id: "run4.first.main" }]);
  let run = theirs.load("run4");
  for (const taskId of ["run4.first.main", "run4.second.main"])
    run = advance(run, { type: "task_completed", taskId, attempt: 1, result }, 5).state;
  expect(isFinished(run)).toBe(true);
  theirs.end(run);

  const again = begin();
  expect(["run1", "run2", "run3"].map((id) => viewIn(again, id))).toEqual(views);
  expect(viewIn(again, "run4")).toMatchObject({ status: "completed", steps: [{ name: "first" }, {}] });
  const events = again.log.read({ since: 0, limit: 100 }).events;
  expect(events.slice(0, told.length)).toEqual(told);
  expect(events.slice(told.length)).toMatchObject([{ event: "execution.completed", entity_id: "run4" }]);
});

it("What an earlier build has ended is folded later, and looks as before", async () => {
  const { storage, begin } = object();
  const ours = begin();
  ours.desk.start(startRequest("tenant", { plan: oneTextStep }), 0);
  const theirs = former(storage);
  const event = { type: "task_completed", taskId: "run1.write.main", attempt: 1, result } as const;
  theirs.end(advance(theirs.load("run1"), event, 7).state);
  const view = viewIn(begin(), "run1");
  expect(begin().runs.endedBefore(8, 10)).toEqual([]);

  begin().runs.foldEnded(10);
  expect(storage.read("SELECT id FROM tasks UNION ALL SELECT name FROM steps")).toEqual([]);
  expect(viewIn(begin(), "run1")).toEqual(view);
  expect(begin().runs.endedBefore(8, 10)).toEqual(["run1"]);
});

it("Events of builds that took turns are read in the order of their numbers, also page by page", () => {
  const { storage, begin } = object();
  const tell = (name: string) =>
    begin().log.append(
      ["a", "b"].map((entity_id) => ({ event: name, entity_id, owner_user_id: null, data: {} })),
      0,
    );
  const tellAsOnce = (name: string) =>
    storage.sql.exec(
      "INSERT INTO events (event, entity_id, owner_user_id, data, at) VALUES (?, 'a', NULL, '{}', 0)",
      name,
    );
  begin();
  tellAsOnce("first");
  tell("second");
  tellAsOnce("third");
  tell("fourth");
  const { log } = begin();
  const names = ["first", "second", "second", "third", "fourth", "fourth"];
  const { events, oldest, latest } = log.read({ since: 0, limit: 100 });
  expect(events.map(({ event }) => event)).toEqual(names);
  expect([oldest, latest]).toEqual([1, events.at(-1)?.seq]);
  const pages: string[] = [];
  for (let since = 0, page = log.read({ since, limit: 1 }).events; page.length > 0; ) {
    pages.push(...page.map(({ event }) => event));
    since = page.at(-1)?.seq ?? 0;
    page = log.read({ since, limit: 1 }).events;
  }
  expect(pages).toEqual(names);
  expect(log.read({ since: 0, limit: 100, entityId: "b" }).events.map(({ event }) => event)).toEqual([
    "second",
    "fourth",
  ]);
});
