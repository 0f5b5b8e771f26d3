import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deadLettersOf } from "#src/tasks/dead-letter-queues.ts";
import { numberedName, numberFor, queueCalled, queueNumbers, queuesOf } from "#src/tasks/numbered-queues.ts";
import { queueNames } from "#src/tasks/queues.ts";
import { deadLetterQueue } from "../../support/tasks.ts";

const QUEUE_NUMBERS = JSON.stringify({ "agent-tasks-high": 3 });
const second = env.AGENT_TASKS_NORMAL;
const third = env.AGENT_TASKS_LOW;
const bound = { ...env, AGENT_TASKS_HIGH_2: second, AGENT_TASKS_HIGH_3: third };

describe("A queue of which there are several", () => {
  it("gets each object's messages always under the same number, and each number gets some", () => {
    const queues = queuesOf(bound, { QUEUE_NUMBERS });
    const all = queues.all("agent-tasks-high");
    expect(all).toEqual([env.AGENT_TASKS_HIGH, second, third]);
    const used = Array.from({ length: 50 }, (_, index) => {
      const whom = `tenant-${index}`;
      expect(queues.of("agent-tasks-high", whom)).toBe(queues.of("agent-tasks-high", whom));
      return queues.of("agent-tasks-high", whom);
    });
    expect(new Set(used)).toEqual(new Set(all));
  });

  it("leaves the others as they are", () => {
    const queues = queuesOf(bound, { QUEUE_NUMBERS });
    expect(queues.of("adapter-tasks", "anybody")).toBe(env.ADAPTER_TASKS);
    expect(queues.all("adapter-tasks")).toEqual([env.ADAPTER_TASKS]);
  });

  it("shares the dead letters of the first", () => {
    const { queue } = deadLetterQueue();
    const dlqs = { AGENT_TASKS_HIGH_DLQ: queue, AGENT_TASKS_NORMAL_DLQ: queue, AGENT_TASKS_LOW_DLQ: queue };
    expect(deadLettersOf("agents", dlqs, "agent-tasks-high-2")).toBe(queue);
    expect(() => deadLettersOf("agents", dlqs, "adapter-tasks-2")).toThrow("not one of agents");
  });

  it("is missed when it is not bound", () => {
    expect(() => queuesOf(env, { QUEUE_NUMBERS }).all("agent-tasks-high")).toThrow("AGENT_TASKS_HIGH_2");
  });
});

it("Every number of a queue is known by its name, and nothing else is", () => {
  fc.assert(
    fc.property(fc.constantFrom(...queueNames), fc.integer({ min: 1, max: 64 }), (name, number) => {
      const isOne = number === 1 || name !== "user-imports";
      expect(queueCalled(numberedName(name, number))).toBe(isOne ? name : undefined);
    }),
  );
  for (const name of ["agent-tasks-high-1", "agent-tasks-high-dlq", "agent-tasks-high-02", "toString"])
    expect(queueCalled(name)).toBeUndefined();
});

it("A number is within what there are", () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 64 }), (whom, howMany) => {
      const number = numberFor(whom, howMany);
      expect(number).toBeGreaterThanOrEqual(1);
      expect(number).toBeLessThanOrEqual(howMany);
    }),
  );
});

it.each([
  "no JSON",
  "[]",
  '{"user-imports":2}',
  '{"adapter-tasks":0}',
  '{"adapter-tasks":65}',
  '{"unknown":2}',
])("QUEUE_NUMBERS may not be %s", (setting) => {
  expect(() => queueNumbers({ QUEUE_NUMBERS: setting })).toThrow("QUEUE_NUMBERS must be JSON");
});
