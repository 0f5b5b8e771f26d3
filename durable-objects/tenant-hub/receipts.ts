import {
  hasRoom,
  isQuestionDue,
  type Outflow,
  withAnswer,
  withQuestion,
  withSent,
} from "#src/realtime/index.ts";

/** How long a client may take to say that it has what it was sent, before it counts as one that does not read. */
const patienceMs = 5000;

/** What a client has taken of what it was sent, as far as it has said so. */
export class Receipts {
  #outflow: Outflow;
  /** Called when the client has taken more, or the socket has ended. */
  #waiting: (() => void)[] = [];

  constructor(outflow: Outflow) {
    this.#outflow = outflow;
  }

  get outflow(): Outflow {
    return this.#outflow;
  }

  hasRoom(bytes: number): boolean {
    return hasRoom(this.#outflow, bytes);
  }

  /** @returns whether the client is to be asked whether it has it */
  sent(bytes: number): boolean {
    this.#outflow = withSent(this.#outflow, bytes);
    return isQuestionDue(this.#outflow);
  }

  /** @returns the id of a new question */
  question(): string {
    const id = crypto.randomUUID();
    this.#outflow = withQuestion(this.#outflow, id);
    return id;
  }

  /** @returns the id of the last question that has no answer, or of a new one: who never answers adds none */
  openQuestion(): string {
    return this.#outflow.asked.at(-1)?.id ?? this.question();
  }

  /** Takes a client's answer; false when nobody asked. */
  answer(id: string): boolean {
    const outflow = withAnswer(this.#outflow, id);
    if (!outflow) return false;
    this.#outflow = outflow;
    this.wake();
    return true;
  }

  /** Resolves when the client has taken more, or nothing is sent any more; with false when that does not come in time. */
  async more(): Promise<boolean> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tooLate = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), patienceMs);
    });
    const answer = new Promise<true>((resolve) => this.#waiting.push(() => resolve(true)));
    const inTime = await Promise.race([tooLate, answer]);
    clearTimeout(timer);
    return inTime;
  }

  /** Whoever waits goes on. */
  wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}
