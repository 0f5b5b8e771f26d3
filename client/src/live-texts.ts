import type { PlatformEvent } from "./events.ts";
import { type ReadText, readText, type TextFrame } from "./read-text.ts";

/** An event of any kind, also one that this version knows nothing of. */
interface Told {
  event?: string;
  data?: unknown;
}

type TextEvent = PlatformEvent<"execution.snapshot" | "execution.delta" | "execution.reset">;

/** A text after an event of it. */
export interface TextUpdate {
  taskId: string;
  step: string;
  /** The whole text so far. */
  text: string;
  /** What has come behind the text that was there; undefined when the text has begun anew. */
  added: string | undefined;
}

/** The texts that a client reads while they are being written, by their tasks. */
export class LiveTexts {
  readonly #texts = new Map<string, ReadText | undefined>();

  /**
   * @returns the text that it was of, and whether something is missing, which `sync` brings; undefined when it was of none
   */
  take(told: Told): (TextUpdate & { asks: boolean }) | undefined {
    if (!isOfText(told)) return undefined;
    const { task_id: taskId, step } = told.data;
    const before = this.of(taskId);
    const { read, asks } = readText(this.#texts.get(taskId), frameOf(told));
    this.#texts.set(taskId, read);
    const text = read?.text ?? "";
    return { taskId, step, text, added: addedTo(before, text), asks };
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

/** What has come behind a text; undefined when it has begun anew. */
export const addedTo = (before: string, text: string): string | undefined =>
  text.startsWith(before) ? text.slice(before.length) : undefined;

const isOfText = (told: Told): told is TextEvent =>
  told.event === "execution.snapshot" || told.event === "execution.delta" || told.event === "execution.reset";

function frameOf(told: TextEvent): TextFrame {
  const { attempt } = told.data;
  if (told.event === "execution.reset") return { kind: "reset", attempt };
  const { offset, text } = told.data;
  return { kind: told.event === "execution.delta" ? "delta" : "snapshot", attempt, offset, text };
}
