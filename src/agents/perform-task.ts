import { analystTopic, handoverTopic, recommendTopic } from "#src/engine/topics.ts";
import { type CompactionsApi, compactionTopic } from "#src/objects/compaction-contract.ts";
import { type InsightsApi, insightsTopic } from "#src/objects/insights-contract.ts";
import { type TitlesApi, titleTopic } from "#src/objects/title-contract.ts";
import { chatTurnTopic, type TurnsApi } from "#src/objects/turn-contract.ts";
import type { TextModels } from "#src/providers/index.ts";
import type { TextCourier } from "#src/realtime/index.ts";
import type { TaskOutcome, TaskWork } from "#src/tasks/index.ts";
import { understandQuestion } from "./analyst/understand-question.ts";
import { answerTurn } from "./chat/answer-turn.ts";
import type { ReadAttachment } from "./chat/attached.ts";
import { compact } from "./chat/compact.ts";
import { giveTitle } from "./chat/give-title.ts";
import { handOver } from "./chat/hand-over.ts";
import type { Persons } from "./chat/known-person.ts";
import { readInsights } from "./chat/read-insights.ts";
import { recommendTo } from "./chat/recommend.ts";
import { isReasoning, reason } from "./reasoning/reason.ts";
import { isOfShop, useShop } from "./use-shop.ts";
import { writeText } from "./write-text.ts";

/** What an agent works with. */
export interface AgentWorld {
  providers: TextModels;
  /** Bring texts to the hubs of the task's tenant. */
  couriers: readonly TextCourier[];
  /** A conversation of the task's tenant: a fresh stub each time. */
  conversationOf(conversationId: string): TurnsApi & CompactionsApi & InsightsApi & TitlesApi;
  /** Reads what came with the messages of a conversation of the task's tenant. */
  filesOf(conversationId: string): ReadAttachment;
  /** What is known of persons of the task's tenant: a fresh stub each time. */
  persons(): Persons;
}

/** Has a task done by the agent that it is for. Tasks of adapters never come here (`src/tasks/route-task.ts`). */
export function performTask(task: TaskWork, world: AgentWorld): Promise<TaskOutcome> {
  const { assignment } = task;
  const { providers, couriers, conversationOf } = world;
  // By its topic, to which no plan that somebody writes has a way.
  if (assignment.topic === chatTurnTopic) return answerTurn(task, world);
  if (assignment.topic === compactionTopic) return compact(task, providers, conversationOf);
  if (assignment.topic === insightsTopic) return readInsights(task, world);
  if (assignment.topic === titleTopic) return giveTitle(task, providers, conversationOf);
  if (assignment.topic === handoverTopic) return handOver(task, conversationOf);
  if (assignment.topic === recommendTopic) return recommendTo(task, world);
  if (isOfShop(assignment)) return useShop(task);
  if (assignment.topic === analystTopic) return understandQuestion(task, providers);
  return isReasoning(assignment) ? reason(task, providers) : writeText(task, providers, couriers);
}
