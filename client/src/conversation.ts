import type { AnswerUpdate } from "./answer-texts.ts";
import type { ApiClient } from "./api.ts";
import type { components } from "./api-types.ts";
import { ConversationConnection, type Sending } from "./conversation-connection.ts";
import type { Message } from "./conversation-events.ts";
import { dataOf } from "./errors.ts";
import { addedTo } from "./live-texts.ts";
import { patiently } from "./pauses.ts";
import { Queue } from "./queue.ts";
import type { ConnectOptions, RealtimeParts } from "./resuming-socket.ts";

/** A conversation as the platform shows it. */
export type ConversationView = components["schemas"]["Conversation"];

/** What conversations are had with. */
export interface ConversationParts extends RealtimeParts {
  api: ApiClient;
}

/** A conversation with a persona. */
export class Conversation {
  readonly id: string;
  readonly #parts: ConversationParts;

  constructor(id: string, parts: ConversationParts) {
    this.id = id;
    this.#parts = parts;
  }

  /** As it stands. @throws PersonaError */
  async view(): Promise<ConversationView> {
    const { api } = this.#parts;
    return dataOf(
      await patiently(() => api.GET("/api/v1/conversations/{conversation_id}", { params: this.#params })),
    );
  }

  /** Its newest messages, the oldest first. @param before of those with a smaller number @throws PersonaError */
  async messages(before?: number): Promise<Message[]> {
    const { api } = this.#parts;
    const params = { ...this.#params, query: { before } };
    return dataOf(
      await patiently(() => api.GET("/api/v1/conversations/{conversation_id}/messages", { params })),
    ).messages;
  }

  /** Opens its WebSocket, which stays until it is closed. */
  connect(options?: ConnectOptions): ConversationConnection {
    const path = `/api/v1/conversations/${this.id}/ws`;
    return new ConversationConnection({ ...this.#parts, path }, options);
  }

  /**
   * Says something, and gives the answer while it is written: each update takes the place of the one before, and the last
   * one is what is stored.
   * @throws CommandError when it is refused; PersonaError when the session has ended; the signal's reason
   */
  async *ask(
    content: string,
    { signal, ...sending }: Sending & Pick<ConnectOptions, "signal"> = {},
  ): AsyncGenerator<AnswerUpdate> {
    const connection = this.connect({ signal });
    const queue = new Queue<AnswerUpdate>();
    let answer: string | undefined;
    const ended: string[] = [];
    const over = () => {
      if (answer !== undefined && ended.includes(answer)) queue.end();
    };
    const heard = new Map<string, AnswerUpdate>();
    const stopReading = connection.onText((update) => {
      if (answer === undefined) heard.set(update.messageId, update);
      else if (update.messageId === answer) queue.push(update);
    });
    for (const name of ["message.completed", "message.stopped", "message.failed"] as const)
      connection.on(name, ({ data }) => {
        ended.push(data.message_id);
        over();
      });
    connection.closed.then(
      () => queue.end(signal?.reason),
      (error) => queue.end(error),
    );
    try {
      const { turn } = await connection.send(content, sending);
      if (!turn) return;
      answer = turn.message_id;
      const early = heard.get(answer);
      if (early) queue.push({ ...early, added: early.text });
      over();
      let text = "";
      for await (const update of queue.read(stopReading)) {
        text = update.text;
        yield update;
      }
      const stored = await this.#stored(answer);
      if (stored !== text) yield { messageId: answer, text: stored, added: addedTo(text, stored) };
    } finally {
      connection.close();
    }
  }

  async #stored(message_id: string): Promise<string> {
    const { api } = this.#parts;
    const params = { path: { conversation_id: this.id, message_id } };
    const read = () => api.GET("/api/v1/conversations/{conversation_id}/messages/{message_id}", { params });
    return dataOf(await patiently(read)).content;
  }

  get #params() {
    return { path: { conversation_id: this.id } };
  }
}
