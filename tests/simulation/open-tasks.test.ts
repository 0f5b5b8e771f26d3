import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { migrate } from "#durable-objects/tenant-workflows/migrate.ts";
import type { OpenTasks } from "#src/objects/platform-message.ts";
import { plan, startRequest, usage } from "../support/plans.ts";
import { ReadModels } from "./read-models.ts";
import { assemble, type Parts } from "./simulated-parts.ts";
import { SimulatedStorage } from "./simulated-storage.ts";

const steps = {
  generic: { action: "ai_text_generate", input: { prompt: "Tea" } },
  search: { action: "web_search", input: { query: "tea" } },
} as const;
type Kind = keyof typeof steps;
const topicOf: Record<Kind, string> = {
  generic: "system.tasks.copywriter",
  search: "system.adapter.web.search",
};
const retried = { retry: { max_attempts: 3, backoff_seconds: 1000 } };

/** An object with the read model that it tells, in a time of its own. */
class Told {
  now = 1_700_000_000_000;
  readonly messages: OpenTasks[] = [];
  readonly #storage = new SimulatedStorage();
  readonly #readModels = new ReadModels();
  #parts: Parts;
  #runs = 0;
  isQueueDown = false;

  constructor() {
    migrate(this.#storage);
    this.#parts = this.#assembled();
  }

  #assembled(): Parts {
    const newId = () => `018bcfe5-6800-7000-8000-${String(++this.#runs).padStart(10, "0")}00`;
    return assemble(this.#storage, newId, { tasksAtOnce: 3 }, () => undefined);
  }

  start(kind: Kind): void {
    const request = startRequest("tenant", { plan: plan("only", { only: { ...steps[kind], ...retried } }) });
    this.#parts.desk.start(request, this.now);
    this.#written();
  }

  /** What a consumer does with the oldest task that is open. */
  end(how: "completes" | "fails" | "gives back"): void {
    const [row] = this.#storage.read(
      "SELECT id, state ->> '$.attempt' AS attempt FROM tasks WHERE send_at IS NOT NULL ORDER BY id LIMIT 1",
    );
    if (!row) return;
    const { tasks } = this.#parts;
    const of = { taskId: String(row.id), attempt: Number(row.attempt) };
    const error = { code: "AI_SERVICE_ERROR", message: "Overloaded", retryable: true };
    if (how === "completes") tasks.complete({ ...of, result: { output: { text: "T" }, usage } }, this.now);
    else if (how === "fails") tasks.fail(of.taskId, of.attempt, { error }, this.now);
    else tasks.defer(of.taskId, of.attempt, 900_000, false, this.now);
    this.#written();
  }

  #written(): void {
    this.#parts.outbox.pending(1000).forEach((message) => {
      this.#parts.outbox.sent([message], this.now);
    });
    this.#storage.sql.exec("DELETE FROM unconfirmed");
    this.#parts.log.markPublished(this.#parts.log.latest);
    this.#parts.alarm.guard(this.now);
  }

  /** A new instance; what the other one had in memory is gone. */
  restart(): void {
    this.#parts = this.#assembled();
    this.#parts.alarm.rearm(this.now);
  }

  /** Time goes by; the alarm rings when it is set. */
  async pass(seconds: number): Promise<void> {
    const end = this.now + seconds * 1000;
    for (let at = this.#storage.alarm; at !== null && at <= end; at = this.#storage.alarm) {
      this.now = Math.max(this.now, at);
      await this.#storage.deleteAlarm();
      await this.#ring();
    }
    this.now = end;
  }

  async #ring(): Promise<void> {
    const { alarm, desk, leases, tasks, openTasks } = this.#parts;
    const { now } = this;
    alarm.fired(now);
    desk.tickDue(now);
    leases.lookAgain();
    leases.sent(tasks.due(now, 100), now);
    this.#written();
    const send = async (counted: Pick<OpenTasks, "at" | "until" | "topics">) => {
      if (this.isQueueDown) throw new Error("The queue takes nothing");
      const message = { type: "tasks.open" as const, client_id: "tenant", shard: 0, ...counted };
      this.messages.push(message);
      this.#readModels.take(message);
    };
    await openTasks.tell(now, { ringsAt: () => alarm.next(now), send }).catch(() => undefined);
    alarm.rest(now);
  }

  get alarm(): number | null {
    return this.#storage.alarm;
  }

  /** What the read model believes. */
  get believed(): OpenTasks["topics"] {
    return this.#readModels.openTasks(this.now);
  }

  /** What is so: of runs that go on the tasks that are out or wait for another attempt. */
  get open(): OpenTasks["topics"] {
    const rows = this.#storage.read(
      `SELECT topic, count(*) AS n FROM tasks WHERE state ->> '$.status' IN ('dispatched', 'waiting') GROUP BY topic`,
    );
    return Object.fromEntries(rows.map(({ topic, n }) => [String(topic), Number(n)]));
  }
}

const { generic, search } = topicOf;

describe("What the read model believes of an object's open tasks", () => {
  it("is how many there are of each topic, half a minute after that has changed", async () => {
    const object = new Told();
    object.start("generic");
    object.start("generic");
    object.start("search");
    await object.pass(33);
    expect(object.believed).toEqual({ [generic]: 2, [search]: 1 });
    object.end("completes");
    await object.pass(33);
    expect(object.believed).toEqual({ [generic]: 1, [search]: 1 });
  });

  it("counts those that wait for another attempt or were given back, also when nothing else happens for long", async () => {
    const object = new Told();
    object.start("generic");
    object.start("generic");
    object.end("fails");
    object.end("gives back");
    await object.pass(600);
    expect(object.believed).toEqual({ [generic]: 2 });
    expect(object.messages.length).toBeLessThanOrEqual(3);
  });

  it("ends once, and then the object says nothing and its alarm is set for nothing of the kind", async () => {
    const object = new Told();
    object.start("generic");
    await object.pass(33);
    object.end("completes");
    await object.pass(33);
    expect(object.messages.map(({ topics }) => topics)).toEqual([{ [generic]: 1 }, {}]);
    await object.pass(86_400);
    expect(object.messages).toHaveLength(2);
    expect(object.alarm).toBeGreaterThan(object.now + 86_400_000);
  });

  it("ends also when another instance has begun meanwhile, and when the queue took nothing at first", async () => {
    const object = new Told();
    object.start("generic");
    await object.pass(33);
    object.end("completes");
    object.restart();
    object.isQueueDown = true;
    await object.pass(60);
    expect(object.believed).toEqual({ [generic]: 1 });
    object.isQueueDown = false;
    await object.pass(33);
    expect(object.believed).toEqual({});
  });

  it("is nothing of what is over within half a minute: a run a minute costs no message", async () => {
    const object = new Told();
    for (let minute = 0; minute < 20; minute++) {
      object.start("generic");
      await object.pass(8);
      object.end("completes");
      await object.pass(52);
    }
    expect(object.messages).toEqual([]);
  });

  it("ends by itself when the object is not heard of again", async () => {
    const object = new Told();
    object.start("generic");
    await object.pass(33);
    object.now += 306_000;
    expect(object.believed).toEqual({});
  });
});

const move = fc.oneof(
  fc.constantFrom<["start", Kind]>(["start", "generic"], ["start", "search"]),
  fc.constantFrom<["end", "completes" | "fails" | "gives back"]>(
    ["end", "completes"],
    ["end", "fails"],
    ["end", "gives back"],
  ),
  fc.constant<["restart"]>(["restart"]),
  fc.tuple(fc.constant<"pass">("pass"), fc.integer({ min: 0, max: 400 })),
);

type Move = typeof move extends fc.Arbitrary<infer T> ? T : never;

async function make(object: Told, [what, how]: Move): Promise<void> {
  if (what === "start") object.start(how);
  else if (what === "end") object.end(how);
  else if (what === "pass") await object.pass(how);
  else object.restart();
}

it("Whatever happens, what is believed is so half a minute later, at no more than a message in half a minute", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(move, { maxLength: 12 }), { maxLength: 8 }), async (histories) => {
      const object = new Told();
      for (const moves of histories) {
        for (const each of moves) await make(object, each);
        // Each change of its own accord, by a retry, may need another half a minute.
        const changes = () => JSON.stringify(object.open);
        for (let before = ""; before !== changes(); ) {
          before = changes();
          await object.pass(35);
        }
        expect(object.believed).toEqual(object.open);
      }
      const times = object.messages.map(({ at }) => at);
      const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
      expect(Math.min(30_000, ...gaps)).toBe(30_000);
    }),
    { numRuns: 60 },
  );
});
