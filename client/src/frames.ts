import type { components } from "./api-types.ts";
import type { Message } from "./conversation-events.ts";
import type { EventData, PlatformEvent } from "./events.ts";

/** An event on the socket; those of the connection itself have an id, where they want an answer. */
export type EventFrame = PlatformEvent & { type: "event"; id?: string };

/** What becomes of a command. */
export type AnswerFrame =
  | { type: "response"; event: string; id?: string; data: Answer }
  | { type: "error"; id?: string; error: string; data: { details: string; code?: string } };

/** What answers say that somebody here wants to know. */
export interface Answer {
  /** Of rooms: who is there. */
  users?: string[];
  /** Of a message that was sent: as it is stored, and the turn that answers it. */
  message?: Message;
  turn?: components["schemas"]["Turn"] | null;
}

/** A frame of the socket (docs/realtime.md). */
export type Frame = EventFrame | AnswerFrame | { type: "pong" };

/** What comes at once on the socket: a frame, or several. */
export type Parcel = Frame | { type: "batch"; frames: Frame[] };

/** Events that are not to be had any more: those behind `since` and before `oldest`. */
export type Gap = EventData["history.gap"];
