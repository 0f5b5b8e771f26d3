/** The door of `webhook-delivery`: what other rooms may import of it. */
export { type AttemptResult, afterAttempt, isSuccess, type Verdict } from "./after-attempt.ts";
export { bodyOf, messageOf, sampleMessage } from "./message.ts";
export { Pace } from "./pace.ts";
export { newSecret, signedHeaders } from "./signature.ts";
