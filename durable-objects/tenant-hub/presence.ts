import type { ObjectPlatform } from "#src/object-platform.ts";
import type { Caller } from "#src/realtime/index.ts";
import { tagOf } from "./seats.ts";

interface Parts {
  ctx: Pick<DurableObjectState, "getWebSockets" | "waitUntil">;
  queues: ObjectPlatform["queues"];
  /** Says what has failed. */
  failed(message: string, error: unknown): void;
}

/** What lets somebody handle conversations besides their role. */
const handling: readonly string[] = ["conversations.handle", "*"];

const isStaff = ({ role, permissions }: Pick<Caller, "role" | "permissions">): boolean =>
  role !== "user" || permissions.some((permission) => handling.includes(permission));

/** Who is there. That somebody of the staff has come is told, so that nobody has to look for them. */
export class Presence {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** A socket has been opened: with their first, people come. */
  came(caller: Caller): void {
    if (!isStaff(caller) || this.#openOf(caller).length > 1) return;
    const { ctx, queues, failed } = this.#parts;
    const { clientId, userId } = caller;
    const told = queues
      .of("platform-events", clientId)
      .send({ type: "staff.present", client_id: clientId, user_id: userId });
    ctx.waitUntil(told.catch((error: unknown) => failed("that somebody has come was not told", error)));
  }

  of(userIds: readonly string[]): string[] {
    return userIds.filter((userId) => this.#openOf({ userId }).length > 0);
  }

  #openOf(caller: Pick<Caller, "userId">): WebSocket[] {
    const sockets = this.#parts.ctx.getWebSockets(tagOf(caller, false));
    return sockets.filter(({ readyState }) => readyState === WebSocket.OPEN);
  }
}
