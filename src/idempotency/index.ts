/** The door of `idempotency`: what other rooms may import of it. */
export { answerOnce } from "./answer-once.ts";
export { forgetIdempotencyKeys } from "./idempotency-key-repository.ts";
export { inputBytes } from "./input-bytes.ts";
