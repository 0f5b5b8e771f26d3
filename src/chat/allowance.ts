import type { Person } from "#src/kernel/actor.ts";
import { refusal, valueOrThrow } from "#src/kernel/outcome.ts";
import type { CallLimit } from "#src/objects/call-counts-api.ts";
import type { ConversationView } from "#src/objects/conversation-api.ts";
import type { CountedWriting } from "#src/objects/writing-leave.ts";
import type { Platform } from "#src/platform.ts";
import { type Allowance, takeAllowance } from "#src/rate-limits/index.ts";

/** Messages that somebody may write, in all of their conversations together. */
const messages: Record<Person["kind"], CallLimit[]> = {
  user: [
    { seconds: 60, most: 20 },
    { seconds: 3600, most: 300 },
  ],
  visitor: [
    { seconds: 60, most: 10 },
    { seconds: 3600, most: 100 },
  ],
};

const daySeconds = 86_400;

/** For an answer of whom it is, and how many of its answers there are within a day; null for no bound. */
interface ForAnswer extends Pick<ConversationView, "instanceId" | "holder"> {
  dailyTurns: number | null;
}

type Counting = Pick<Platform, "objects" | "limits" | "later">;

/**
 * Takes what somebody needs to write something.
 * @param answer what is to answer it; left out where nothing is
 */
export async function allowanceOf(
  platform: Counting,
  person: Person,
  answer?: ForAnswer,
): Promise<Allowance> {
  const counted = [...messagesOf(platform, person), ...answersFor(person, answer)];
  const gate = await platform.objects.gate(person.clientId);
  return takeAllowance(gate, counted, platform.later);
}

/**
 * The same, for what is new each time.
 * @throws AppError `RATE_LIMITED`
 */
export async function allowed(...of: Parameters<typeof allowanceOf>): Promise<Allowance> {
  const allowance = await allowanceOf(...of);
  const { notNow } = allowance;
  if (notNow) valueOrThrow(refusal("RATE_LIMITED", notNow.message, { retry_after: notNow.retryAfter }));
  return allowance;
}

/** None where nobody's calls are counted. */
export const messagesOf = ({ limits }: Pick<Counting, "limits">, { id, kind }: Person): CountedWriting[] =>
  limits === undefined
    ? []
    : [{ key: `messages:${id}`, limits: messages[kind], tooMuch: "You write faster than anybody may" }];

/** While people answer, nothing of the persona's is had. */
const answersFor = ({ id }: Person, answer?: ForAnswer): CountedWriting[] => {
  if (!answer || answer.dailyTurns === null || answer.holder !== "persona") return [];
  const { instanceId, dailyTurns: most } = answer;
  const tooMuch = `This persona answers ${most} times a day`;
  return [{ key: `turns:${instanceId}:${id}`, limits: [{ seconds: daySeconds, most }], tooMuch }];
};
