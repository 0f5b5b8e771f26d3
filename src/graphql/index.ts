/** The door of `graphql`. It is imported when the first request for it comes: nobody else waits for it. */
export { answerGraphql } from "./answer.ts";
export { beginGraphql } from "./begin.ts";
export { followGraphql } from "./follow.ts";
export { schema } from "./schema.ts";
export { tellGraphql } from "./tell.ts";
