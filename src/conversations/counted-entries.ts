import { z } from "zod";
import type { MetricDimension, MetricName } from "#src/kernel/analytics-words.ts";
import { messageRoles, type personKinds, ratings } from "#src/kernel/chat-words.ts";
import type { LogEntry } from "#src/objects/conversation-api.ts";
import type { CountedEvent } from "#src/objects/counted-events.ts";
import type { Origin } from "#src/objects/origin.ts";

type PersonKind = (typeof personKinds)[number];

/** How far a conversation's log was counted, and what of it is still to be known. Times in epoch milliseconds. */
export const countedSchema = z.object({
  seq: z.number().int(),
  /** When it began, or went on after it had ended. */
  begunAt: z.number().int().nullable(),
  /** When its owner has asked something that no persona has answered yet; a persona's first answer ends that for good. */
  askedAt: z.number().int().nullable(),
  isAnswered: z.boolean(),
  /** Since when it waits for a person; and since when it did until one has answered. */
  queuedAt: z.number().int().nullable(),
  calledAt: z.number().int().nullable(),
  isJoined: z.boolean(),
});
export type Counted = z.infer<typeof countedSchema>;

/** Where a conversation begins. */
export const notCounted: Counted = {
  seq: 0,
  begunAt: null,
  askedAt: null,
  isAnswered: false,
  queuedAt: null,
  calledAt: null,
  isJoined: false,
};

/** What is counted of, as far as it stays the same. */
export interface CountedConversation {
  id: string;
  ownerId: string;
  ownerKind: PersonKind;
  instanceId: string;
}

const timeToEnd: MetricName = "conversations.time_to_end";

const roleSchema = z.object({ message: z.object({ role: z.enum(messageRoles) }) });
const ratedSchema = z.object({
  message: z.object({ id: z.string(), feedback: z.object({ rating: z.enum(ratings) }) }),
});
const scoredSchema = z.object({ satisfaction: z.object({ score: z.number().int() }) });
const statusSchema = z.object({ status: z.string() });
const endedTurnSchema = statusSchema.extend({
  first_delta_ms: z.number().nonnegative().optional().catch(undefined),
});
const holderSchema = z.object({ holder: z.string() });

interface Happened {
  metric: MetricName;
  value?: number;
  by?: Partial<Record<MetricDimension, string>>;
  /** Whether it is its owner's doing. */
  isOwners?: true;
  /** What is counted but once, however often the log says it. */
  once?: string;
}

/** One entry of the log: what of it counts, and what is known then. */
function read(
  known: Counted,
  { event, data, at }: LogEntry,
  kind: PersonKind,
): { next: Partial<Counted>; happened: Happened[] } {
  const nothing = { next: {}, happened: [] };
  switch (event) {
    case "conversation.created":
      return {
        next: { begunAt: at },
        happened: [{ metric: "conversations.started", by: { kind }, isOwners: true }],
      };
    case "message.created":
      return readMessage(known, roleSchema.safeParse(data).data?.message.role, at);
    case "message.completed":
      return known.isAnswered || known.askedAt === null
        ? { next: { isAnswered: true }, happened: [] }
        : {
            next: { isAnswered: true },
            happened: [{ metric: "answers.first_of_persona", value: at - known.askedAt }],
          };
    case "message.updated": {
      const rated = ratedSchema.safeParse(data).data?.message;
      if (!rated) return nothing;
      const { id, feedback } = rated;
      const by = { opinion: feedback.rating };
      const once = `${id}:${feedback.rating}`;
      return { next: {}, happened: [{ metric: "feedback.given", by, isOwners: true, once }] };
    }
    case "turn.ended": {
      const turn = endedTurnSchema.safeParse(data).data;
      if (!turn) return nothing;
      const { status, first_delta_ms: value } = turn;
      const firstDelta: Happened[] = value === undefined ? [] : [{ metric: "turns.first_delta", value }];
      return { next: {}, happened: [{ metric: "turns.ended", by: { status } }, ...firstDelta] };
    }
    case "holder.changed":
      return readHolder(known, holderSchema.safeParse(data).data?.holder ?? "", at);
    case "conversation.ended":
      return {
        next: { begunAt: null, queuedAt: null, calledAt: null },
        happened: [
          { metric: "conversations.ended", by: { kind, role: known.isJoined ? "agent" : "assistant" } },
          ...(known.begunAt === null ? [] : [{ metric: timeToEnd, value: at - known.begunAt }]),
        ],
      };
    case "conversation.updated": {
      const scored = scoredSchema.safeParse(data).data?.satisfaction;
      const by = { score: String(scored?.score) };
      if (scored)
        return {
          next: {},
          happened: [{ metric: "satisfaction.given", value: scored.score, by, isOwners: true }],
        };
      const goesOn = known.begunAt === null && statusSchema.safeParse(data).success;
      return goesOn ? { next: { begunAt: at }, happened: [] } : nothing;
    }
    default:
      return nothing;
  }
}

function readMessage(
  known: Counted,
  role: z.infer<typeof roleSchema>["message"]["role"] | undefined,
  at: number,
) {
  const said: Happened = { metric: "messages.sent", by: { ...(role && { role }) } };
  switch (role) {
    case "user":
      return { next: { askedAt: known.askedAt ?? at }, happened: [{ ...said, isOwners: true as const }] };
    case "assistant":
      return { next: {}, happened: [said] };
    case "agent": {
      const first: Happened[] =
        known.calledAt === null ? [] : [{ metric: "answers.first_of_person", value: at - known.calledAt }];
      return { next: { isJoined: true, calledAt: null }, happened: [said, ...first] };
    }
    default:
      return { next: {}, happened: [] };
  }
}

function readHolder(known: Counted, holder: string, at: number) {
  if (holder === "queue")
    return known.queuedAt === null
      ? {
          next: { queuedAt: at, calledAt: known.calledAt ?? at },
          happened: [{ metric: "conversations.handed_over" as const }],
        }
      : { next: {}, happened: [] };
  if (holder === "persona") return { next: { queuedAt: null, calledAt: null }, happened: [] };
  if (known.queuedAt === null) return { next: {}, happened: [] };
  return {
    next: { queuedAt: null },
    happened: [
      { metric: "conversations.taken" as const },
      { metric: "conversations.time_to_take" as const, value: at - known.queuedAt },
    ],
  };
}

/**
 * What entries of a conversation's log count for, and how far it is counted with them.
 * @param origins from where entries have come, by their numbers
 */
export function countEntries(
  { id, ownerId, ownerKind, instanceId }: CountedConversation,
  from: Counted,
  entries: readonly LogEntry[],
  origins: ReadonlyMap<number, Origin> = new Map(),
): { counted: Counted; events: CountedEvent[] } {
  const events: CountedEvent[] = [];
  let counted = from;
  for (const entry of entries) {
    const { next, happened } = read(counted, entry, ownerKind);
    counted = { ...counted, ...next, seq: entry.seq };
    for (const { metric, value = 1, by, isOwners, once } of happened)
      events.push({
        id: `${id}:${metric}:${once ?? entry.seq}`,
        at: entry.at,
        metric,
        by: { persona: instanceId, ...by, ...(isOwners && origins.get(entry.seq)) },
        value,
        person: isOwners ? ownerId : null,
        account: ownerKind === "user" ? ownerId : null,
      });
  }
  return { counted, events };
}
