/**
 * Signs of life: the platform answers one without waking the hub, and knows when it last did
 * (docs/realtime.md#signs-of-life). Whoever has given one and is silent is asked, and gone if there is no answer.
 */
export const lifeSign = {
  asked: '{"type":"ping"}',
  answered: '{"type":"pong"}',
  /** So long a first one is waited for. */
  firstWithinMs: 60_000,
  /** Who says nothing for so long is asked. */
  askAfterMs: 30_000,
  /** Who is asked and says nothing for so long is gone. */
  answerWithinMs: 15_000,
  /** Looking wakes a hub: not more often than that. All of it together is a minute at most. */
  lookEveryMs: 7_500,
} as const;

/** What is known of a connection; times in epoch milliseconds. */
export interface Signs {
  /** Whether it has ever given a sign: of others nothing is expected. */
  givesSigns: boolean;
  /** When it was opened, or was heard since. */
  heardAt: number;
  /** When it was last asked; 0 before. */
  askedAt: number;
}

/** How a connection is found, and when to look again; never where nothing is expected of it. */
export interface Finding {
  finding: "well" | "silent" | "gone";
  lookAt: number;
}

export function findingOf({ givesSigns, heardAt, askedAt }: Signs, now: number): Finding {
  const { firstWithinMs, askAfterMs, answerWithinMs } = lifeSign;
  if (!givesSigns) {
    const lookAt = heardAt + firstWithinMs;
    return { finding: "well", lookAt: lookAt > now ? lookAt : Number.POSITIVE_INFINITY };
  }
  if (askedAt > heardAt) {
    const lookAt = askedAt + answerWithinMs;
    return { finding: lookAt > now ? "well" : "gone", lookAt };
  }
  if (now - heardAt < askAfterMs) return { finding: "well", lookAt: heardAt + askAfterMs };
  return { finding: "silent", lookAt: now + answerWithinMs };
}
