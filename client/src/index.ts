export type { AnswerUpdate } from "./answer-texts.ts";
export { type ApiClient, apiClient } from "./api.ts";
export type { components, paths } from "./api-types.ts";
export { type PersonaClient, type PersonaClientOptions, personaClient, signIn } from "./client.ts";
export { CommandError } from "./commands.ts";
export { Conversation, type ConversationView } from "./conversation.ts";
export { ConversationConnection, type Sending, type SentMessage } from "./conversation-connection.ts";
export type {
  ConversationEvent,
  ConversationEventData,
  ConversationEventName,
  Message,
} from "./conversation-events.ts";
export { Conversations } from "./conversations.ts";
export { dataOf, type ErrorCode, PersonaError } from "./errors.ts";
export type { EventData, EventName, EventsOf, PlatformEvent } from "./events.ts";
export type { Gap } from "./frames.ts";
export { LiveTexts, type TextUpdate } from "./live-texts.ts";
export { RealtimeConnection } from "./realtime.ts";
export type { ConnectionState, ConnectOptions, Place } from "./resuming-socket.ts";
export type { Patience, PresenceChange, Room, RoomListeners, RoomMessage } from "./room.ts";
export { type Answer, Run, RunError, type RunEvent, type RunView } from "./run.ts";
export { type Execution, Runs } from "./runs.ts";
export type { SessionTokens, TokenSource } from "./tokens.ts";
