import { expect } from "vitest";
import { connect, type Frame } from "./sockets.ts";
import type { TestUser } from "./users.ts";

/** A client that comes back whenever it is cut, and holds the platform to what it promises. */
export class Follower {
  readonly #user: TestUser;
  #connection: Awaited<ReturnType<typeof connect>> | undefined;
  #coming: Promise<void> | undefined;
  #read = 0;
  #epoch: string | undefined;
  #seq: number | undefined;
  /** Whether it is in another log than it was, so that nothing may come before it is told of the gap. */
  #isLost = false;
  gaps = 0;
  readonly heard: string[] = [];

  constructor(user: TestUser) {
    this.#user = user;
  }

  /** Comes, unless it is there or on its way. @throws when it is not let in */
  async come(): Promise<void> {
    this.#coming ??= this.#connect().finally(() => {
      this.#coming = undefined;
    });
    return this.#coming;
  }

  async #connect(): Promise<void> {
    this.check();
    if (this.#connection?.socket.readyState === WebSocket.OPEN) return;
    this.#connection = undefined;
    const query = this.#seq === undefined ? "" : `?since=${this.#seq}&epoch=${this.#epoch}`;
    this.#connection = await connect(this.#user, query);
    this.#read = 0;
    this.#connection.send({ type: "command", event: "subscribe", data: { events: ["**"] } });
    // Who has never been told where they are cannot come back to there.
    if (this.#seq === undefined)
      await this.#connection.next(({ event }) => event === "connection.established");
    this.check();
  }

  cut(): void {
    this.check();
    this.#connection?.socket.close(1000);
    this.#connection = undefined;
  }

  check(): void {
    const { frames } = this.#connection ?? { frames: [] };
    for (const frame of frames.slice(this.#read)) this.#take(frame);
    this.#read = frames.length;
  }

  #take({ event, data, seq, entity_id }: Frame): void {
    if (event === "connection.established") {
      this.#isLost = this.#epoch !== undefined && this.#epoch !== data?.epoch;
      this.#epoch = String(data?.epoch);
      this.#seq ??= Number(data?.seq);
    } else if (event === "history.gap") {
      expect(data?.since).toBe(this.#seq);
      this.gaps++;
      this.#isLost = false;
      this.#seq = Math.max(Number(data?.oldest) - 1, 0);
    } else if (seq !== undefined) {
      expect({ isLost: this.#isLost, seq }).toEqual({ isLost: false, seq: (this.#seq ?? 0) + 1 });
      this.#seq = seq;
      this.heard.push(entity_id ?? "");
    }
  }
}
