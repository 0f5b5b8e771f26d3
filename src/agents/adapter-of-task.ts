import { TaskError } from "#src/engine/task-error.ts";
import { agentTypeOfTopic } from "#src/engine/topics.ts";
import type { TaskAssignment } from "#src/objects/tasks-api.ts";
import type { TaskEnvelope } from "#src/tasks/index.ts";

/**
 * Which adapter does a task: told by its topic where that names one, else by its
 * action. An adapter of one's own is one of these two with other defaults.
 * @throws TaskError `WORKFLOW_INVALID`
 */
export function adapterOfTask({
  topic,
  action,
}: Pick<TaskAssignment, "topic" | "action">): "image" | "search" {
  const type = agentTypeOfTopic(topic);
  if (type === "image-generator" || (type !== "web-search" && action === "ai_image_generate")) return "image";
  if (type === "web-search" || action === "web_search") return "search";
  throw new TaskError("WORKFLOW_INVALID", `${topic} is an adapter's, and no adapter does ${action}`);
}

/** Whether a message is about a picture, as far as it says so. */
export const mayBeImage = ({ topic, payload }: Pick<TaskEnvelope, "topic" | "payload">): boolean =>
  agentTypeOfTopic(topic) === "image-generator" ||
  (agentTypeOfTopic(topic) !== "web-search" && payload?.action !== "web_search");
