import type { Answer, AnswerFrame } from "./frames.ts";

/** Why a command has come to nothing. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  /** Whether it was refused; if not, the connection has ended before the answer came. */
  readonly isRefusal: boolean;
  /** That of the API for the refusal, where it has one. */
  readonly code: string | undefined;

  constructor(message: string, isRefusal: boolean, code?: string) {
    super(message);
    this.isRefusal = isRefusal;
    this.code = code;
  }
}

/** Whether the platform has said no. */
export const isRefusal = (error: unknown): error is CommandError =>
  error instanceof CommandError && error.isRefusal;

/** Commands that wait for their answers. */
export class Commands {
  readonly #waiting = new Map<string, PromiseWithResolvers<Answer>>();
  #last = 0;

  /**
   * Says a command.
   * @throws CommandError when it is refused, or the connection is cut before the answer
   */
  say(event: string, data: object, send: (command: object) => void): Promise<Answer> {
    const id = String(++this.#last);
    const waiting = Promise.withResolvers<Answer>();
    this.#waiting.set(id, waiting);
    send({ type: "command", event, id, data });
    return waiting.promise;
  }

  answered(frame: AnswerFrame): void {
    if (frame.id === undefined) return;
    const waiting = this.#waiting.get(frame.id);
    this.#waiting.delete(frame.id);
    if (frame.type === "response") waiting?.resolve(frame.data);
    else waiting?.reject(new CommandError(`${frame.error}: ${frame.data.details}`, true, frame.data.code));
  }

  /** No answers come any more. */
  cut(): void {
    for (const { reject } of this.#waiting.values()) reject(unanswered());
    this.#waiting.clear();
  }
}

/** Nothing has answered. */
export const unanswered = (): CommandError => new CommandError("The connection was cut", false);
