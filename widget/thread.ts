import type { Message } from "#client/conversation-events.ts";

/** A message as it is shown. */
export interface Line {
  id: string;
  /** Its number; those that are on their way have none, and stand last. */
  seq: number | undefined;
  role: Message["role"];
  text: string;
  status: Message["status"] | "sending" | "unsent";
  rating: "up" | "down" | null;
  /** Whether it answers something, which can be judged. */
  isAnswer: boolean;
}

const isWriting = ({ status }: Pick<Line, "status">): boolean =>
  status === "streaming" || status === "pending";

/** The messages of a conversation, each once and in one order, however often and in whatever order they are told. */
export class Thread {
  readonly #lines = new Map<string, Line>();

  /** In their order; what is empty for good is left out. */
  get lines(): Line[] {
    const known = [...this.#lines.values()];
    const numbered = known.filter(({ seq }) => seq !== undefined);
    numbered.sort((one, other) => (one.seq ?? 0) - (other.seq ?? 0));
    return [...numbered, ...known.filter(({ seq }) => seq === undefined)].filter(
      ({ status }) => status !== "deleted" && status !== "hidden",
    );
  }

  /** The answer that is being written. */
  get writing(): Line | undefined {
    return this.lines.find(isWriting);
  }

  of(id: string): Line | undefined {
    return this.#lines.get(id);
  }

  /** A message as the platform has it. What has ended is not begun again by what was said before that. */
  put({ id, seq, role, content, status, feedback, turn_id }: Message, clientId?: string): void {
    const known = this.#lines.get(id);
    const isLate = known !== undefined && !isWriting(known) && isWriting({ status });
    const text = isWriting({ status }) ? (known?.text ?? content) : content;
    const rating = feedback?.rating ?? null;
    this.#lines.set(id, isLate ? known : { id, seq, role, text, status, rating, isAnswer: turn_id !== null });
    if (clientId !== undefined) this.#lines.delete(clientId);
  }

  /** What one has written, until the platform has it. */
  send(id: string, text: string): void {
    const line = {
      id,
      seq: undefined,
      role: "user",
      text,
      status: "sending",
      rating: null,
      isAnswer: false,
    } as const;
    this.#lines.set(id, line);
  }

  /** Changes what is there. */
  change(id: string, change: Partial<Omit<Line, "id">>): void {
    const known = this.#lines.get(id);
    if (known) this.#lines.set(id, { ...known, ...change });
  }

  remove(id: string): void {
    this.#lines.delete(id);
  }

  clear(): void {
    this.#lines.clear();
  }
}
