/** The door of `realtime`: what other rooms may import of it. */
export {
  type Caller,
  type Connection,
  callerSchema,
  closeCodes,
  connectionSchema,
  maxPatterns,
  maxSockets,
  type Opening,
  openingHeader,
  openingSchema,
  wants,
} from "./connection.ts";
export { eventDocument } from "./event-document.ts";
export {
  type Command,
  connectionFrame,
  errorFrame,
  eventFrame,
  questionFrame,
  responseFrame,
} from "./frames.ts";
export { hasRoom, isQuestionDue, noOutflow, withAnswer, withQuestion, withSent } from "./outflow.ts";
export { readCommand } from "./read-command.ts";
export { maySee } from "./visibility.ts";
