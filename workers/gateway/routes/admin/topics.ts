import { listDeadLetters } from "#src/system/list-dead-letters.ts";
import { listTopics } from "#src/system/list-topics.ts";
import { redriveDeadLetter } from "#src/system/redrive-dead-letter.ts";
import { get, post, restRouter } from "../../rest.ts";

export const topics = restRouter("Administration: system", [
  get("/topics", listTopics, "Topics and queues"),
  // The older system's path for the same.
  get("/kafka/topics", listTopics, "Topics and queues", {
    operationId: "listKafkaTopics",
    deprecated: true,
  }),
  get("/dead-letters", listDeadLetters, "Dead letters"),
  post("/dead-letters/{id}/redrive", redriveDeadLetter, "The dead letter, sent again", { status: 202 }),
]);
