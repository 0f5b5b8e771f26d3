export { type ApiClient, apiClient } from "./api.ts";
export type { components, paths } from "./api-types.ts";
export { type PersonaClient, type PersonaClientOptions, personaClient, signIn } from "./client.ts";
export { dataOf, type ErrorCode, PersonaError } from "./errors.ts";
export type { EventData, EventName, EventsOf, PlatformEvent } from "./events.ts";
export { LiveTexts, type TextUpdate } from "./live-texts.ts";
export {
  CommandError,
  type ConnectionState,
  type ConnectOptions,
  type Gap,
  type Place,
  RealtimeConnection,
} from "./realtime.ts";
export { type Answer, Run, RunError, type RunEvent, type RunView } from "./run.ts";
export { type Execution, Runs } from "./runs.ts";
export type { SessionTokens, TokenSource } from "./tokens.ts";
