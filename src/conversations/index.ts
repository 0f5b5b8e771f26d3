/** The door of `conversations`: what other rooms may import of it. */
export { absentAt, defaultIdleSeconds } from "./absence.ts";
export { compactionEnd, correctedRate, isCompactionDue, type Read } from "./compaction.ts";
export {
  type Counted,
  countEntries,
  countedSchema,
  notCounted,
} from "./counted-entries.ts";
export { causeInInsights, handoverCause, unhelpfulInARow } from "./handover-triggers.ts";
export { type Holder, heldBy, holderId, statusUnder, withChange } from "./holder.ts";
export {
  type ConversationFrame,
  conversationFrameSchema,
  dialects,
  type Listener,
  type Listening,
  listenerSchema,
  listeningSchema,
} from "./listening.ts";
export { messageTypeOf } from "./message-type.ts";
export { isRefused, Moderation } from "./moderation.ts";
export { nextHolder, type PresentStaff, withGiven } from "./next-holder.ts";
export { olderPackets, olderWish, refusedPackets } from "./older-events.ts";
export { hasPlace } from "./places.ts";
export {
  clientMessageIdPattern,
  fitsMessage,
  type PlainMessage,
  plainMessageSchema,
  saysSomething,
} from "./plain-message.ts";
export { withReceipt } from "./receipts.ts";
export {
  excerptOf,
  isSpaceless,
  ownerToken,
  partsMatch,
  type SearchTerms,
  searchTerms,
  wordsMatch,
  wordsOf,
} from "./search-query.ts";
export { answerFrame, type SocketAnswer, socketAnswers } from "./socket-answers.ts";
export { readSocketCommand, type SocketCommand, socketCommandSchema } from "./socket-commands.ts";
export { newsOf, type Standing } from "./tenant-news.ts";
export { framesOfText } from "./text-frames.ts";
export { told } from "./told.ts";
export { pathChange, type TreeNode, upwards } from "./tree.ts";
export { consequenceOf, staleness } from "./turn.ts";
export { Typing, typingMs } from "./typing.ts";
export { plainText } from "./word-lists.ts";
