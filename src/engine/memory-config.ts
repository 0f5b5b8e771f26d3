import { z } from "zod";
import type { AgentRoute } from "./start-run.ts";
import { agentTypeOfTopic } from "./topics.ts";

/** Settings of an instance's memory (docs/workflows.md#memory). */
const memoryConfigSchema = z
  .object({
    enabled: z.boolean().default(false),
    /** Keeps what text steps put out without being told to. */
    auto_store: z.boolean().default(false),
    /** Share of words that must be new for something to be kept automatically, from 0 to 1. */
    auto_store_threshold: z.number().min(0).max(1).default(0),
    max_memories: z.number().int().min(1).max(100_000).default(1000),
    retrieval_count: z.number().int().min(1).max(50).default(5),
    embedding_model: z.string().max(100).optional(),
    /** Types that are recalled; all when empty. */
    include_types: z.array(z.string().max(64)).max(50).default([]),
  })
  .prefault({});

export type MemoryConfig = z.infer<typeof memoryConfigSchema>;

const orNone = memoryConfigSchema.catch(memoryConfigSchema.parse({}));

/** Every step and task of a run asks for them: a config is read once, for as long as it is in memory. */
const known = new WeakMap<object, MemoryConfig>();

/** The memory settings in an instance's config; unusable ones count as none. */
export function memoryConfigOf(config: Readonly<Record<string, unknown>>): MemoryConfig {
  const read = known.get(config) ?? orNone.parse(config.memory_config);
  known.set(config, read);
  return read;
}

const agentSchema = z.looseObject({ memory_enabled: z.boolean().optional() }).catch({});

/** What decides whether an agent remembers. */
interface Remembering {
  config: Readonly<Record<string, unknown>>;
  agents: Readonly<Record<string, AgentRoute>>;
}

/**
 * Whether the agent of a topic remembers by itself, whatever the instance says: by `memory_enabled` of its definition, over
 * which the reasoning agent has what the instance says of it.
 */
export function agentRemembers({ config, agents }: Remembering, topic: string): boolean {
  const type = agentTypeOfTopic(topic);
  const agent = Object.hasOwn(agents, type) ? agents[type] : undefined;
  const own = type === "reasoning" ? agentSchema.parse(config.reasoning).memory_enabled : undefined;
  return own ?? agentSchema.parse(agent?.defaultConfig).memory_enabled ?? false;
}
