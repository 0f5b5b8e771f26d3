import type { Person } from "#src/kernel/actor.ts";
import { type Outcome, refusal, valueOrThrow } from "#src/kernel/outcome.ts";
import type { CallLimit } from "#src/objects/call-counts-api.ts";
import type { ConversationView, NewMessage } from "#src/objects/conversation-api.ts";
import type { Platform } from "#src/platform.ts";
import { type Counted, giveBack, takeOne } from "./gate-counts.ts";

/** Messages that somebody may write, in all of their conversations together. */
const messages: Record<Person["kind"], readonly CallLimit[]> = {
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

/** What somebody has to write something by: one of their messages, and one of the answers that a persona gives them. */
export interface Allowance {
  /** Why they may write nothing new; what they have written before is answered all the same. */
  notNow: NewMessage["notNow"];
  /** What came of it, by which nothing was used where nothing was written; what was refused for its words counts. */
  spentFor<T>(outcome: Outcome<T & { created?: boolean }>): Outcome<T & { created?: boolean }>;
}

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
  const taken = await Promise.all(
    counted.map(async (one) => ({ ...one, taken: await takeOne(platform, person, one) })),
  );
  const unused = () => {
    for (const { taken: one, ...of } of taken)
      if ("grant" in one)
        platform.later("what was not written is counted", () => giveBack(platform, person, of, one.grant));
  };
  const [missing] = taken.flatMap(({ taken: one, tooMuch }) =>
    "grant" in one ? [] : [{ message: tooMuch, retryAfter: one.waitSeconds }],
  );
  if (missing) {
    unused();
    return { notNow: missing, spentFor: (outcome) => outcome };
  }
  return {
    notNow: undefined,
    spentFor: (outcome) => {
      const isUnused = outcome.ok ? outcome.value.created === false : outcome.code !== "MESSAGE_REFUSED";
      if (isUnused) unused();
      return outcome;
    },
  };
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
const messagesOf = ({ limits }: Counting, { id, kind }: Person): (Counted & { tooMuch: string })[] =>
  limits === undefined
    ? []
    : [{ key: `messages:${id}`, limits: messages[kind], tooMuch: "You write faster than anybody may" }];

/** While people answer, nothing of the persona's is had. */
const answersFor = ({ id }: Person, answer?: ForAnswer): (Counted & { tooMuch: string })[] => {
  if (!answer || answer.dailyTurns === null || answer.holder !== "persona") return [];
  const { instanceId, dailyTurns: most } = answer;
  const tooMuch = `This persona answers ${most} times a day`;
  return [{ key: `turns:${instanceId}:${id}`, limits: [{ seconds: daySeconds, most }], tooMuch }];
};
