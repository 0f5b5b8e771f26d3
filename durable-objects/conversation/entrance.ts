import { listeningSchema } from "#src/conversations/index.ts";
import { dayMs } from "#src/kernel/clock.ts";
import { type Caller, lifeSign, openingHeader } from "#src/realtime/index.ts";
import type { assemble } from "./assemble.ts";
import type { Writing } from "./writing.ts";

/** Where whoever is to hear a conversation comes in. */
export class Entrance {
  readonly #ctx: Pick<DurableObjectState, "setWebSocketAutoResponse">;
  readonly #parts: ReturnType<typeof assemble>;
  readonly #writing: Writing;

  constructor(
    ctx: Pick<DurableObjectState, "setWebSocketAutoResponse">,
    parts: ReturnType<typeof assemble>,
    writing: Writing,
  ) {
    this.#ctx = ctx;
    this.#parts = parts;
    this.#writing = writing;
  }

  /** Opens a socket: 101; 404; 429 where there is no place. */
  async open(request: Request): Promise<Response> {
    const listening = listeningSchema.parse(JSON.parse(request.headers.get(openingHeader) ?? "null"));
    const { state, live, clock, freezer } = this.#parts;
    await freezer.thaw();
    if (!state.isThere) return new Response(null, { status: 404 });
    // Answered by the platform: a sign of life wakes nobody.
    this.#ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(lifeSign.asked, lifeSign.answered));
    const webSocket = live.open(listening, clock.now());
    if (!webSocket) return new Response(null, { status: 429 });
    if (listening.caller) await this.#admit(listening.caller);
    else await this.#note(listening.personId);
    return new Response(null, { status: 101, webSocket });
  }

  /** Has the gate tell when somebody whom the gateway tells may hear it no longer; it knows itself when they go. */
  async #note(userId: string): Promise<void> {
    const { gate, id, clock } = this.#parts;
    const until = clock.now() + dayMs;
    await gate().admitListener({ conversationId: id, sessionId: `stream:${userId}`, userId, until });
  }

  /** Has the gate tell when somebody's access ends, and closes what they have opened where it has. */
  async #admit({ sessionId, userId, expiresAt }: Caller): Promise<void> {
    const { gate, live, id } = this.#parts;
    const [{ isShutOut }] = await Promise.all([
      gate().admitListener({ conversationId: id, sessionId, userId, until: expiresAt }),
      this.#writing.armBy(expiresAt),
    ]);
    if (isShutOut) live.endListeners({ whose: { sessionIds: [sessionId] }, why: "sessionEnded" });
  }
}
