import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { z } from "zod";
import { ConfigurationError, type Settings } from "#src/kernel/config.ts";
import type { Metrics } from "#src/observability/metrics/metrics.ts";
import { countedQueue } from "./counted-queue.ts";
import {
  type BindingOf,
  bindingOf,
  isQueue,
  isSpreadable,
  type MessageOn,
  type QueueName,
  queueNames,
} from "./queues.ts";

/** More of one queue than any platform needs: 64 take 320 000 messages a second. */
const maxNumber = 64;

const numbersSchema = z.partialRecord(
  z.enum(queueNames.filter(isSpreadable)),
  z.number().int().min(1).max(maxNumber),
);
type Numbers = z.infer<typeof numbersSchema>;
type QueueSettings = Pick<Settings, "QUEUE_NUMBERS">;

/**
 * How many queues there are of each name, by `QUEUE_NUMBERS`.
 * @throws ConfigurationError
 */
export function queueNumbers({ QUEUE_NUMBERS = "{}" }: QueueSettings): Numbers {
  try {
    return numbersSchema.parse(JSON.parse(QUEUE_NUMBERS));
  } catch (cause) {
    throw new ConfigurationError(
      `QUEUE_NUMBERS must be JSON of queue → number from 1 to ${maxNumber}, of ${queueNames.filter(isSpreadable).join(", ")}`,
      { cause },
    );
  }
}

/** What the queue of a number is called; the first has the name alone. */
export const numberedName = (name: string, number: number): string =>
  number === 1 ? name : `${name}-${number}`;

/** Under which its producers bind it. */
export const numberedBinding = (binding: string, number: number): string =>
  number === 1 ? binding : `${binding}_${number}`;

/** Which of the table's queues a queue is, whatever its number; undefined for another one. */
export function queueCalled(called: string): QueueName | undefined {
  const name = called.replace(/-(?:[2-9]|[1-9]\d)$/, "");
  return isQueue(name) && (name === called || isSpreadable(name)) ? name : undefined;
}

/** The producers of queues, by their queues' names. */
export interface Queues<N extends QueueName = QueueName> {
  /**
   * The queue of a name.
   * @param whom whose messages they are, where there are several of the name: always the same one has them
   */
  of<Q extends N>(name: Q, whom?: string): Queue<MessageOn<Q>>;
  /** All queues of a name. */
  all<Q extends N>(name: Q): Queue<MessageOn<Q>>[];
}

/**
 * The producers that a Worker binds.
 * @param metrics counts what is put on them
 * @throws ConfigurationError when `QUEUE_NUMBERS` names more queues than are bound
 */
export function queuesOf<N extends QueueName = QueueName>(
  env: Record<BindingOf<N>, Queue<unknown>>,
  settings: QueueSettings,
  metrics?: Metrics,
): Queues<N> {
  const numbers: Partial<Record<QueueName, number>> = queueNumbers(settings);
  const howMany = (name: QueueName) => numbers[name] ?? 1;
  const queue = <Q extends N>(name: Q, number: number): Queue<MessageOn<Q>> =>
    number === 1 ? env[bindingOf(name)] : numbered(env, numberedBinding(bindingOf(name), number));
  const counted = <Q extends N>(name: Q, number: number): Queue<MessageOn<Q>> =>
    metrics ? countedQueue(queue(name, number), name, metrics) : queue(name, number);
  return {
    of: (name, whom = "") => counted(name, numberFor(whom, howMany(name))),
    all: (name) => Array.from({ length: howMany(name) }, (_, index) => counted(name, index + 1)),
  };
}

/** Which of so many queues somebody's messages go to, from 1. */
export const numberFor = (whom: string, howMany: number): number =>
  howMany === 1 ? 1 : 1 + (new DataView(sha256(utf8ToBytes(whom)).buffer).getUint32(0) % howMany);

function numbered<T>(env: object, binding: string): Queue<T> {
  const bound = new Map<string, unknown>(Object.entries(env)).get(binding);
  const isBound = (value: unknown): value is Queue<T> =>
    typeof value === "object" && value !== null && "sendBatch" in value;
  if (isBound(bound)) return bound;
  throw new ConfigurationError(`QUEUE_NUMBERS asks for a queue that is not bound: ${binding}`);
}
