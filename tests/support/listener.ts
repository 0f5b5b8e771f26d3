import { z } from "zod";
import { type ReadText, readText } from "#client/read-text.ts";
import { call } from "./api.ts";
import { present } from "./personas.ts";
import type { TestUser } from "./users.ts";

const textFrameSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.enum(["snapshot", "delta"]),
    attempt: z.number(),
    offset: z.number(),
    text: z.string(),
  }),
  z.object({ kind: z.literal("reset"), attempt: z.number() }),
]);

/** A line of a server-sent event: its field and what it says. */
const fieldOf = (line: string): [string, string] => {
  const [name = "", value = ""] = line.split(/: (.*)/s, 2);
  return [name, value];
};

interface Told {
  id: string | undefined;
  event: string;
  data: Record<string, unknown>;
}

/** What a stream of server-sent events has said so far. */
class Listener {
  readonly told: Told[] = [];
  readonly #reader: ReadableStreamDefaultReader<string>;
  #rest = "";

  constructor(answer: Response) {
    this.#reader = present(answer.body).pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Reads until something is told. */
  async until(matches: (told: Told) => boolean): Promise<Told> {
    for (;;) {
      const found = this.told.find(matches);
      if (found) return found;
      const { value, done } = await this.#reader.read();
      if (done) throw new Error(`The stream has ended: ${JSON.stringify(this.told)}`);
      const blocks = (this.#rest + value).split("\n\n");
      this.#rest = blocks.pop() ?? "";
      for (const block of blocks) this.#take(block);
    }
  }

  /** The text of an answer, as a client has it that keeps what fits. */
  textOf(messageId: string): string {
    let read: ReadText | undefined;
    for (const { event, data } of this.told) {
      const kind = event.replace("message.", "");
      if (data.message_id !== messageId || !["snapshot", "delta", "reset"].includes(kind)) continue;
      ({ read } = readText(read, textFrameSchema.parse({ kind, ...data })));
    }
    return read?.text ?? "";
  }

  close(): Promise<void> {
    return this.#reader.cancel();
  }

  #take(block: string): void {
    const lines = new Map(block.split("\n").map((line) => fieldOf(line)));
    const event = lines.get("event");
    if (event) this.told.push({ id: lines.get("id"), event, data: JSON.parse(lines.get("data") ?? "{}") });
  }
}

/** Hears a conversation, as its owner or as somebody of the staff. */
export async function listen(
  user: TestUser,
  id: string,
  query = "",
  { as = "owner", headers = {} }: { as?: "owner" | "staff"; headers?: Record<string, string> } = {},
): Promise<Listener> {
  const root = as === "staff" ? "/api/v1/admin/conversations" : "/api/v1/conversations";
  return new Listener(
    await call(`${root}/${id}/events${query}`, { headers: { ...user.headers, ...headers } }),
  );
}
