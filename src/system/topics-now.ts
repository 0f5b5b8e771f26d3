import { activeAgentsOfAll } from "#src/agent-definitions/index.ts";
import { dayMs, dayOf, isoTime } from "#src/kernel/clock.ts";
import type { Platform } from "#src/platform.ts";
import { countOpenTasks, deadLettersSince, taskCountsSince } from "#src/read-models/index.ts";
import { type QueueName, type TopicEntry, topicDirectory } from "#src/tasks/index.ts";
import { type MeasuredQueues, queuesNow, totalOf } from "./queues-now.ts";
import type { TopicList } from "./schemas.ts";

const days = 7;

/** Every logical topic with what is waiting and what has failed. Costs the same however much has happened. */
export async function topicsNow(
  { db, clock }: Pick<Platform, "db" | "clock">,
  queues: MeasuredQueues,
): Promise<Pick<TopicList, "topics" | "queues" | "since">> {
  const now = clock.now();
  const since = (dayOf(now) - days + 1) * dayMs;
  const [agents, open, counts, letters, queueViews] = await Promise.all([
    activeAgentsOfAll(db),
    countOpenTasks(db, now),
    taskCountsSince(db, since),
    deadLettersSince(db, since),
    queuesNow(queues),
  ]);
  const lettersOf = (queue: string) => letters.find((entry) => entry.queue === queue)?.count ?? 0;
  const views = queueViews.map((view) => ({ ...view, dead_letters: lettersOf(view.queue) }));
  const topics = topicDirectory(agents).map((entry) => {
    const done = counts.find(({ agentType }) => agentType === entry.agentType);
    return {
      topic: entry.topic,
      description: entry.description,
      queues: [...entry.queues],
      consumer: entry.consumer,
      backlog: backlogOf(entry, open, views),
      processed: entry.agentType === null ? null : (done?.finished ?? 0),
      failures: entry.agentType === null ? totalOf(entry.queues.map(lettersOf)) : (done?.failed ?? 0),
    };
  });
  return { topics, queues: views, since: isoTime(since) };
}

/** Of tasks those that are not finished, wherever they are; of other messages those that nobody has taken yet. */
function backlogOf(
  { topic, queues, agentType }: TopicEntry,
  open: readonly { topic: string; open: number }[],
  views: readonly { queue: QueueName; backlog: number }[],
): number | null {
  if (agentType !== null) return open.find((entry) => entry.topic === topic)?.open ?? 0;
  if (queues.length === 0) return null;
  return totalOf(views.filter(({ queue }) => queues.includes(queue)).map(({ backlog }) => backlog));
}
