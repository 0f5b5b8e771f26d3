import { getConversation, listConversations, listMessages } from "#src/chat/index.ts";
import { getProfile } from "#src/identity/index.ts";
import type { SignedIn } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { listInstances, listMemories } from "#src/personas/index.ts";
import type { Platform } from "#src/platform.ts";
import { getRun, listRuns } from "#src/runs/index.ts";
import { allPages, inJson, objectWithList, separated, separatedWholes } from "./json-pieces.ts";

/** Rows of a page: what is held at a time. */
const limit = 50;

/** Everything of an account, as itself may read it: by the operations that it would be read by. */
export class OwnData {
  readonly #platform: Platform;
  readonly #actor: SignedIn;

  constructor(platform: Platform, actor: SignedIn) {
    this.#platform = platform;
    this.#actor = actor;
  }

  /** One JSON document; only a whole one can be read as JSON, and says so. */
  async *pieces(): AsyncGenerator<string, void> {
    const { clientId, userId } = this.#actor;
    const personalisation = await this.#platform.objects.personalisation(clientId);
    const { output: account } = await getProfile.run(this.#platform, this.#actor, {}, {});
    yield `{"account":${JSON.stringify(account)},\n"personalisation":${await personalisation.dataOf(userId)}`;
    yield ',\n"conversations":[';
    yield* separatedWholes(this.#conversations());
    yield '],\n"runs":[';
    yield* separated(inJson(this.#runs()));
    yield '],\n"personas":[';
    yield* separatedWholes(this.#personas());
    yield '],\n"complete":true}\n';
  }

  async *#conversations(): AsyncGenerator<AsyncIterable<string>, void> {
    const listed = allPages(async (cursor) => {
      const query = { cursor, limit, sort: "started_at" as const };
      const { output } = await listConversations.run(this.#platform, this.#actor, { query }, {});
      return { rows: output.conversations, next: output.next_cursor };
    });
    for await (const { id } of listed) {
      const params = { conversation_id: id };
      const view = await unlessGone(getConversation.run(this.#platform, this.#actor, { params }, {}));
      if (view) yield objectWithList(view.output, "messages", this.#messages(id));
    }
  }

  async *#messages(id: string): AsyncGenerator<unknown, void> {
    const params = { conversation_id: id };
    for (let after = 0; ; ) {
      const query = { after, limit, branch: "all" as const };
      const page = await unlessGone(listMessages.run(this.#platform, this.#actor, { params, query }, {}));
      const messages = page?.output.messages ?? [];
      yield* messages;
      const last = messages.at(-1);
      if (!last || !page?.output.has_more) return;
      after = last.seq;
    }
  }

  async *#runs(): AsyncGenerator<unknown, void> {
    const listed = allPages(async (cursor) => {
      const { output } = await listRuns.run(this.#platform, this.#actor, { query: { cursor, limit } }, {});
      return { rows: output.runs, next: output.next_cursor };
    });
    for await (const summary of listed) {
      const params = { correlation_id: summary.correlation_id };
      const run = await unlessGone(getRun.run(this.#platform, this.#actor, { params }, {}));
      yield run?.output ?? summary;
    }
  }

  async *#personas(): AsyncGenerator<AsyncIterable<string>, void> {
    const listed = allPages(async (cursor) => {
      const { output } = await listInstances.run(
        this.#platform,
        this.#actor,
        { query: { cursor, limit } },
        {},
      );
      return { rows: output.instances, next: output.next_cursor };
    });
    for await (const instance of listed)
      yield objectWithList(instance, "memories", this.#memories(instance.id));
  }

  #memories(id: string): AsyncGenerator<unknown, void> {
    const params = { instance_id: id };
    return allPages(async (cursor) => {
      const query = { cursor, limit };
      const page = await unlessGone(listMemories.run(this.#platform, this.#actor, { params, query }, {}));
      return { rows: page?.output.memories ?? [], next: page?.output.next_cursor ?? null };
    });
  }
}

/** What was deleted since it was listed is left out. */
async function unlessGone<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof AppError && error.code === "NOT_FOUND") return undefined;
    throw error;
  }
}
