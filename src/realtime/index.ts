/** The door of `realtime`: what other rooms may import of it. */

export type { Answer } from "./answers.ts";
export { batchBytes, batchFrame, batchMs, batchOverhead } from "./batch.ts";
export {
  actorOf,
  type Caller,
  callerOf,
  callerOfVisit,
  callerSchema,
  closeCodes,
  connectionSchema,
  maxSockets,
  maxSubscriptions,
  type Opening,
  openingHeader,
  openingSchema,
  type StartedWorkflow,
  subscriptionsOf,
  ticketSchema,
} from "./connection.ts";
export { type Packet, packets, readPacket } from "./engine-io.ts";
export { eventDocument, jsonSchema, type Message, type OtherSocket } from "./event-document.ts";
export { figuresAudience, figuresFrame } from "./figures-frame.ts";
export {
  type Command,
  connectionFrame,
  errorFrame,
  eventFrame,
  maxFrameBytes,
  questionFrame,
  responseFrame,
} from "./frames.ts";
export {
  type GraphqlBegun,
  type GraphqlCallsApi,
  type GraphqlHappening,
  type GraphqlOperation,
  graphqlCalls,
} from "./graphql-calls.ts";
export {
  type Followed,
  type GraphqlConnection,
  graphqlAttachment,
  graphqlConnectionIn,
  maxGraphqlOperations,
  maxVariablesBytes,
  viewKeyOf,
} from "./graphql-connection.ts";
export {
  type GraphqlAsked,
  type GraphqlEnd,
  graphqlEnds,
  graphqlProtocol,
  graphqlStep,
  initWithinMs,
  maxGraphqlFrameBytes,
} from "./graphql-protocol.ts";
export { type GraphqlWants, saysWanted, wantsEvent } from "./graphql-wants.ts";
export {
  hasRoom,
  isQuestionDue,
  noOutflow,
  type Outflow,
  outflowSchema,
  withAnswer,
  withQuestion,
  withSent,
} from "./outflow.ts";
export { patternShape } from "./patterns.ts";
export { type Reading, readCommand } from "./read-command.ts";
export { bodyOfFrame, commandIn, notJson, notText, refusedIn, type Unreadable } from "./read-frame.ts";
export {
  awayMs,
  conversationOfRoom,
  maxRooms,
  maxUsersNamed,
  mayJoin,
  type RoomRights,
} from "./rooms.ts";
export { findingOf, lifeSign, type Signs } from "./signs-of-life.ts";
export {
  type ConversationSockets,
  gatewayCalls,
  type RoomHearing,
  refusalOf,
  roomHearingSchema,
  type SocketCall,
  type SocketCallsApi,
} from "./socket-calls.ts";
export { streamEvents } from "./stream-events.ts";
export { Subscriptions } from "./subscriptions.ts";
export { framesFor, type KeptText, withPiece } from "./text/kept-text.ts";
export { TextBoard } from "./text/text-board.ts";
export { openTexts, TextCourier } from "./text/text-courier.ts";
export { taskEndedBy, textAudience, textFrame, textsEndedBy } from "./text/text-frames.ts";
export { unknownAmong } from "./unknown-patterns.ts";
export { hearsOfOthers, maySee, runsReadBy } from "./visibility.ts";
export { FollowedRun } from "./workflow/followed-run.ts";
export { callToStart, type StartWorkflow, startedSchema } from "./workflow/start-workflow.ts";
export { notStartedFrame, workflowFrame } from "./workflow/workflow-status.ts";
