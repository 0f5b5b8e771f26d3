import { z } from "zod";
import { jsonBytes, limits } from "../../src/workflows/limits.ts";
import type { RunState, TaskState } from "../../src/workflows/run-state.ts";
import type { MemoryStore } from "./memory-store.ts";

const memoryConfigSchema = z
  .object({
    enabled: z.boolean().default(false),
    max_memories: z.number().int().min(1).max(100_000).default(1000),
    retrieval_count: z.number().int().min(1).max(50).default(5),
  })
  .prefault({});

/** The memory settings in an instance's config; unusable ones count as none. */
export const memoryConfigOf = (run: RunState) =>
  memoryConfigSchema.catch(memoryConfigSchema.parse({})).parse(run.header.config.memory_config);

export const isLocal = ({ action }: Pick<TaskState, "action">): boolean =>
  action === "store_memory" || action === "retrieve_memory";

const asText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** Whose memory a run uses: its instance's, or its user's when it was started without one. */
const memoryOwner = ({ header }: RunState): string => header.instanceId ?? header.userId;

/** Carries out a memory task inside the object. */
export function performLocally(
  run: RunState,
  task: TaskState,
  memory: MemoryStore,
  now: number,
): Record<string, unknown> {
  const { max_memories, retrieval_count } = memoryConfigOf(run);
  const { content, query, type, limit } = task.input;
  if (task.action === "retrieve_memory") {
    const wanted = typeof limit === "number" ? Math.min(50, Math.max(1, Math.floor(limit))) : retrieval_count;
    return { memories: memory.search(memoryOwner(run), asText(query ?? task.input), wanted, now) };
  }
  const id = memory.store(
    memoryOwner(run),
    {
      content: asText(content ?? task.input),
      type: asText(type ?? "note"),
      metadata: { run: run.header.id },
      createdAt: now,
    },
    max_memories,
  );
  return { stored: true, id };
}

/** Keeps what a step with `store_memory` did. */
export function rememberStep(run: RunState, stepName: string, memory: MemoryStore, now: number): void {
  const step = run.steps[stepName];
  if (!step) return;
  const inputs = Object.values(run.tasks)
    .filter((task) => task.stepName === stepName)
    .map(({ input }) => input);
  const content = JSON.stringify({ action: step.action, input: inputs, output: step.output });
  if (jsonBytes(content) > limits.outputBytes) return;
  const metadata = { run: run.header.id, step: stepName };
  memory.store(
    memoryOwner(run),
    { content, type: "step", metadata, createdAt: now },
    memoryConfigOf(run).max_memories,
  );
}

/** Memories that fit a task's input, best first; none unless the instance has memory enabled. */
export function memoriesFor(run: RunState, task: TaskState, memory: MemoryStore, now: number): string[] {
  const { enabled, retrieval_count } = memoryConfigOf(run);
  if (!enabled) return [];
  return memory
    .search(memoryOwner(run), asText(task.input).slice(0, 4000), retrieval_count, now)
    .map(({ content }) => content);
}
