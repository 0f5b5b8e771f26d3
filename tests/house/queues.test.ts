import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "smol-toml";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { deploymentCommands } from "#scripts/deployment-commands.ts";
import { type WorkerName, workerConfigs, writeLocalConfigs } from "#scripts/local/worker-configs.ts";
import { spreadConfig } from "#scripts/spread-config.ts";
import { deadLetterBindingOf, deadLetterQueueOf } from "#src/tasks/dead-letter-queues.ts";
import { bindingOf, consumerOf, queueNames, queueTable, taskQueues } from "#src/tasks/queues.ts";
import { maxRetries } from "#src/tasks/retry-delay.ts";
import { maxConnections } from "../support/connections.ts";

const configSchema = z.looseObject({
  name: z.string(),
  vars: z.record(z.string(), z.unknown()).default({}),
  queues: z
    .object({
      producers: z.array(z.object({ binding: z.string(), queue: z.string() })).default([]),
      consumers: z.array(z.looseObject({ queue: z.string() })).default([]),
    })
    .prefault({}),
});

const readConfig = (path: string) => {
  const text = readFileSync(path, "utf8");
  return configSchema.parse(path.endsWith(".toml") ? parse(text) : JSON.parse(text));
};

// No message is given up before the platform makes it so (a hundred deliveries), and not one after the other.
const settings = { max_batch_timeout: 0, max_retries: maxRetries, retry_delay: 10 };

/** What the table says that a Worker takes: its queues, and for the events Worker all dead letters. */
const takenBy = (worker: WorkerName) => [
  ...queueNames
    .filter((queue) => queueTable[queue].consumer === worker)
    .map((queue) => ({
      ...settings,
      queue,
      max_batch_size: queueTable[queue].batchSize,
      dead_letter_queue: deadLetterQueueOf(queue),
    })),
  ...queueNames
    .filter(() => worker === "events")
    .map((queue) => ({ ...settings, queue: deadLetterQueueOf(queue), max_batch_size: 10 })),
];

/** What the table says that a Worker sends: messages of its own, and what it takes and cannot read. */
const sentBy = (worker: WorkerName) => [
  ...queueNames
    .filter((queue) => queueTable[queue].producers.some((producer) => producer === worker))
    .map((queue) => ({ binding: bindingOf(queue), queue })),
  ...queueNames
    .filter((queue) => queueTable[queue].consumer === worker)
    .map((queue) => ({ binding: deadLetterBindingOf(queue), queue: deadLetterQueueOf(queue) })),
];

const byQueue = <T extends { queue: string }>(entries: T[]): T[] =>
  entries.toSorted((a, b) => (a.queue < b.queue ? -1 : 1));

const workers: WorkerName[] = ["gateway", "objects", "agents", "adapters", "documents", "events", "sandbox"];

describe("Wrangler files bind the queues as src/tasks/queues.ts has them", () => {
  describe.each(workers.map((worker) => ({ worker, path: workerConfigs[worker] })))("$path", (entry) => {
    const { name, queues } = readConfig(entry.path);

    it("is that of the Worker whose name it has", () => {
      expect(name).toBe(`persona-${entry.worker}`);
    });

    it("has the consumers", () => {
      expect(byQueue(queues.consumers)).toEqual(byQueue(takenBy(entry.worker)));
    });

    it("has the producers", () => {
      expect(byQueue(queues.producers)).toEqual(byQueue(sentBy(entry.worker)));
    });
  });
});

describe("A machine of one's own", () => {
  const directory = mkdtempSync(join(tmpdir(), "persona-queues-"));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const paths = writeLocalConfigs(directory, {});

  it.each(workers)("has the queues of %s, in batches of any size", (worker) => {
    const { queues } = readConfig(paths[worker]);
    const withoutSize = ({ queue, dead_letter_queue }: { queue: string; dead_letter_queue?: unknown }) => ({
      queue,
      dead_letter_queue,
    });
    expect(byQueue(queues.consumers).map(withoutSize)).toEqual(byQueue(takenBy(worker)).map(withoutSize));
    expect(byQueue(queues.producers)).toEqual(byQueue(sentBy(worker)));
  });
});

describe("An installation with QUEUE_NUMBERS", () => {
  const directory = mkdtempSync(join(tmpdir(), "persona-numbers-"));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const gateway = join(directory, "wrangler.toml");
  const copyOf = (path: string, vars = "") => {
    const copy = join(
      directory,
      path === workerConfigs.gateway ? "wrangler.toml" : `${dirname(path)}/wrangler.toml`,
    );
    mkdirSync(dirname(copy), { recursive: true });
    writeFileSync(copy, readFileSync(path, "utf8").replace("[vars]", `[vars]\n${vars}`));
    return copy;
  };
  copyOf(workerConfigs.gateway, `QUEUE_NUMBERS = '{"agent-tasks-high": 2}'`);
  const agents = copyOf(workerConfigs.agents);

  it("is deployed with each of them bound and consumed as the first is", () => {
    const { queues, vars } = readConfig(spreadConfig(agents, gateway));
    const [first, second] = ["agent-tasks-high", "agent-tasks-high-2"].map((name) =>
      queues.consumers.find(({ queue }) => queue === name),
    );
    expect(second).toEqual({ ...first, queue: "agent-tasks-high-2" });
    expect(queues.consumers).toHaveLength(takenBy("agents").length + 1);
    expect(byQueue(queues.producers)).toEqual(byQueue(sentBy("agents")));
    expect(vars).toMatchObject({ QUEUE_NUMBERS: '{"agent-tasks-high": 2}', ENVIRONMENT: "production" });
  });

  it("binds the producers wherever the first is bound", () => {
    const { queues } = readConfig(spreadConfig(gateway, gateway));
    expect(queues.producers.filter(({ queue }) => queue.startsWith("agent-tasks-high"))).toEqual([
      { binding: "AGENT_TASKS_HIGH", queue: "agent-tasks-high" },
      { binding: "AGENT_TASKS_HIGH_2", queue: "agent-tasks-high-2" },
    ]);
  });

  it("is deployed from its own files when there are none", () => {
    expect(spreadConfig(workerConfigs.agents)).toBe(workerConfigs.agents);
  });
});

describe.each(queueNames)("The queue %s", (queue) => {
  const { consumer, producers, batchSize } = queueTable[queue];

  it("has a consumer and producers that are deployed", () => {
    const deployed = deploymentCommands([], { objectsAlone: "" }).map((command) => command.at(-1));
    for (const worker of [consumer, ...producers]) expect(deployed).toContain(workerConfigs[worker]);
    expect(readConfig(workerConfigs[consumer]).name).toBe(consumerOf(queue));
  });

  it("is made by the commands of docs/deployment.md", () => {
    const guide = readFileSync("docs/deployment.md", "utf8");
    expect(/for queue in (.*); do/.exec(guide)?.[1]?.split(" ")).toContain(queue);
  });

  it("has no more taken at once than an invocation has connections for", () => {
    const isTask = taskQueues.some((name) => name === queue);
    // A reasoning task uses two at a time, any other one.
    const most = consumer === "adapters" ? maxConnections : maxConnections / 2;
    expect(batchSize).toBeLessThanOrEqual(isTask ? most : 10);
  });
});
