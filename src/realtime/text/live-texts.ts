import { z } from "zod";
import { type ReadText, readText } from "./read-text.ts";

const place = { task_id: z.string(), attempt: z.number() };
const piece = z.object({ ...place, offset: z.number(), text: z.string() });

/** What a socket, or a run's stream, tells of texts. */
const toldSchema = z.discriminatedUnion("event", [
  z.object({ event: z.literal("execution.snapshot"), data: piece }),
  z.object({ event: z.literal("execution.delta"), data: piece }),
  z.object({ event: z.literal("execution.reset"), data: z.object(place) }),
]);

type Told = z.infer<typeof toldSchema>;

const frameOf = ({ event, data }: Told) =>
  event === "execution.reset"
    ? ({ kind: "reset", attempt: data.attempt } as const)
    : ({ ...data, kind: event === "execution.delta" ? "delta" : "snapshot" } as const);

/** The texts that a client reads while they are being written, by their tasks. */
export class LiveTexts {
  readonly #texts = new Map<string, ReadText | undefined>();

  /**
   * @param told an event as it came
   * @returns which task's text it was of, and whether something is missing, which `sync` brings; undefined when it was
   *   of none
   */
  take(told: unknown): { taskId: string; asks: boolean } | undefined {
    const { data } = toldSchema.safeParse(told);
    if (!data) return undefined;
    const taskId = data.data.task_id;
    const { read, asks } = readText(this.#texts.get(taskId), frameOf(data));
    this.#texts.set(taskId, read);
    return { taskId, asks };
  }

  /** A task's text so far. */
  of(taskId: string): string {
    return this.#texts.get(taskId)?.text ?? "";
  }

  /** All texts so far, in the order in which they began. */
  get all(): string[] {
    return [...this.#texts.keys()].map((taskId) => this.of(taskId));
  }
}
