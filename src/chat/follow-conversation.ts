import { z } from "@hono/zod-openapi";
import { type ConversationFrame, conversationFrameSchema } from "#src/conversations/index.ts";
import type { Person } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Platform } from "#src/platform.ts";
import { openingHeader } from "#src/realtime/index.ts";

import { mayHear } from "./may-hear.ts";

/** What a stream of a conversation says next; `id` is the number to resume after. */
export type FollowedFrame =
  | { type: "event"; id?: number; event: string; data: string }
  | { type: "quiet"; id: number | undefined };

const heartbeatMs = 15_000;

const place = z.coerce.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);

/** Where whoever comes back has been. */
export const resumeQuery = z.strictObject({
  since: place.optional().openapi({ description: "The number of the last entry that one knows" }),
});
export const resumeHeaders = z.object({ "last-event-id": place.optional() });

/** What happens in a conversation, for somebody who may hear it. */
export const conversationFrames = (
  platform: Pick<Platform, "db" | "clock">,
  conversation: Pick<Fetcher, "fetch">,
  person: Person,
  since: number | undefined,
  as: "owner" | "staff" = "owner",
): AsyncGenerator<FollowedFrame> =>
  followConversation({
    since,
    quietMs: heartbeatMs,
    open: async (from) => {
      const { id: personId, kind } = person;
      const listening = { personId, kind, since: from, as };
      const headers = { upgrade: "websocket", [openingHeader]: JSON.stringify(listening) };
      const opened = await conversation.fetch("https://conversation/", { headers });
      if (as === "owner") await mayHear(platform, person, opened.webSocket);
      return opened;
    },
  });

/** How soon a conversation is asked again that has gone, in milliseconds: with each failure longer. */
const againAfterMs = { first: 100, longest: 5000 };

interface Follow {
  /** The number of the last entry that is known; left out, what comes is told. */
  since: number | undefined;
  /** How long to wait for something, in milliseconds. */
  quietMs: number;
  /** Opens a socket at the conversation: 101; 404 for one that is not there; 429 for too many. */
  open(since: number | undefined): Promise<Response>;
}

/** After this nothing more is told. */
const lastEvent = "conversation.erased";

/**
 * What happens in a conversation, through its eviction and its restart: a socket that goes is opened again, where the
 * last one was. What is read is said to have been taken only when it has been handed on: so one who reads slowly is
 * waited for by the conversation, and not by this Worker's memory.
 * @throws AppError `NOT_FOUND`; `RATE_LIMITED` where too many hear it
 */
export async function* followConversation({ since, quietMs, open }: Follow): AsyncGenerator<FollowedFrame> {
  let known = since;
  let pauseMs = againAfterMs.first;
  // Whoever asks is told at once that it is not there.
  let feed: Feed | undefined = await Feed.open(open, known);
  try {
    for (;;) {
      const frame = await feed?.next(quietMs);
      if (frame === "quiet") yield { type: "quiet", id: known };
      else if (frame && isBeginning(frame)) known ??= frame.data.seq;
      else if (frame) {
        pauseMs = againAfterMs.first;
        known = frame.seq ?? known;
        const data = JSON.stringify({ ...frame.data, timestamp: frame.timestamp });
        yield { type: "event", ...(frame.seq && { id: frame.seq }), event: frame.event, data };
        if (frame.event === lastEvent) return;
      } else {
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
        pauseMs = Math.min(pauseMs * 2, againAfterMs.longest);
        feed = await Feed.open(open, known).catch(goneOnly);
      }
    }
  } finally {
    feed?.close();
  }
}

type Question = Extract<ConversationFrame, { event: "connection.ping" }>;
type Beginning = Extract<ConversationFrame, { event: "connection.established" }>;

const isQuestion = (frame: ConversationFrame): frame is Question => frame.event === "connection.ping";
const isBeginning = (frame: ConversationFrame): frame is Beginning =>
  frame.event === "connection.established";

/** That it is not there any more, or not for whoever hears it, is said; whatever else fails is tried again. */
function goneOnly(error: unknown): undefined {
  if (error instanceof AppError && (error.code === "NOT_FOUND" || error.code === "BANNED")) throw error;
}

/** A socket at a conversation, read one frame at a time. */
class Feed {
  readonly #socket: WebSocket;
  readonly #came: ConversationFrame[] = [];
  #isOver = false;
  #wake = Promise.withResolvers<void>();

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => {
      this.#came.push(conversationFrameSchema.parse(JSON.parse(String(data))));
      this.#wake.resolve();
    });
    const over = () => {
      this.#isOver = true;
      this.#wake.resolve();
    };
    socket.addEventListener("close", over);
    socket.addEventListener("error", over);
    socket.accept();
  }

  static async open(open: Follow["open"], since: number | undefined): Promise<Feed> {
    const { status, webSocket } = await open(since);
    if (webSocket) return new Feed(webSocket);
    if (status === 404) throw new AppError("NOT_FOUND", { message: "No such conversation" });
    throw new AppError("RATE_LIMITED", {
      message: "Too many hear this conversation",
      headers: { "Retry-After": "10" },
    });
  }

  /** The next frame; `quiet` when nothing comes for so long; undefined when the socket has gone. */
  async next(quietMs: number): Promise<Exclude<ConversationFrame, Question> | "quiet" | undefined> {
    for (;;) {
      const frame = this.#came.shift();
      if (frame && isQuestion(frame)) this.#taken(frame.id);
      else if (frame) return frame;
      else if (this.#isOver) return undefined;
      else if (await this.#isQuiet(quietMs)) return "quiet";
    }
  }

  close(): void {
    this.#socket.close(1000, "The stream has ended");
  }

  async #isQuiet(quietMs: number): Promise<boolean> {
    this.#wake = Promise.withResolvers();
    const { promise: patience, resolve } = Promise.withResolvers<"quiet">();
    const timer = setTimeout(() => resolve("quiet"), quietMs);
    const came = await Promise.race([this.#wake.promise, patience]);
    clearTimeout(timer);
    return came === "quiet";
  }

  #taken(id: string): void {
    if (this.#socket.readyState === WebSocket.OPEN)
      this.#socket.send(JSON.stringify({ type: "command", event: "pong", id }));
  }
}
