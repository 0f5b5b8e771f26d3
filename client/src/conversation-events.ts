import type { components } from "./api-types.ts";
import type { PlatformEvent } from "./events.ts";

/** A message of a conversation, as the platform shows it. */
export type Message = components["schemas"]["Message"];

interface Written {
  message_id: string;
  attempt: number;
  offset: number;
  text: string;
}

interface Ended {
  message_id: string;
  text_length: number;
  sha256: string;
  /** Of one that failed: a code of the catalogue. */
  error?: string;
}

interface TurnNews {
  turn_id: string;
  message_id: string;
  /** Null until its run has begun. */
  run_id: string | null;
  status: string;
}

/** What happens in a conversation, by its name: the data that it says (docs/conversations.md#listening). */
export interface ConversationEventData {
  "conversation.updated": Record<string, unknown>;
  "conversation.ended": Record<string, unknown>;
  "conversation.erased": Record<string, unknown>;
  "message.created": { message: Message; client_message_id?: string };
  "message.updated": { message: Message };
  "message.deleted": { message_id: string };
  "message.snapshot": Written;
  "message.delta": Written;
  "message.reset": { message_id: string; attempt: number };
  "message.completed": Ended;
  "message.stopped": Ended;
  "message.failed": Ended;
  "turn.started": TurnNews & { answers_to: string };
  "turn.tool": { turn_id: string; run_id: string | null; call: string; tool: string; status: string };
  "turn.ended": TurnNews & { first_delta_ms?: number };
  "receipt.changed": { person_id: string; delivered_seq: number; read_seq: number };
  "holder.changed": { holder: string; admin_id: string | null; epoch: number };
  "typing.changed": { person_id: string; typing: boolean };
  "presence.changed": { person_id: string; state: "online" | "offline" };
}

export type ConversationEventName = keyof ConversationEventData;

/** One of them. */
export type ConversationEvent<Name extends ConversationEventName = ConversationEventName> = {
  [Each in Name]: { event: Each; data: ConversationEventData[Each]; seq?: number; timestamp: string };
}[Name];

/** What a socket tells, of whichever kind it is. */
export type Told = Pick<PlatformEvent, "timestamp"> & { event: string; data: unknown; seq?: number };

/** Whether something that was told is of a name. */
export const isNamed = <Name extends ConversationEventName>(
  told: { event: string },
  ...names: readonly Name[]
): told is ConversationEvent<Name> => names.some((name) => name === told.event);
