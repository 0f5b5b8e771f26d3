import { listDeadLetters, listTopics, redriveDeadLetter, redriveDeadLetters } from "#src/system/index.ts";
import { get, post, restRouter } from "../../rest/table.ts";

export const topics = restRouter("Administration: system", [
  get("/topics", listTopics, "Topics and queues"),
  // The older system's path for the same.
  get("/kafka/topics", listTopics, "Topics and queues", {
    operationId: "listKafkaTopics",
    deprecated: true,
  }),
  get("/dead-letters", listDeadLetters, "Dead letters"),
  post("/dead-letters/redrive", redriveDeadLetters, "What became of each"),
  post("/dead-letters/{id}/redrive", redriveDeadLetter, "The dead letter, sent again", { status: 202 }),
]);
