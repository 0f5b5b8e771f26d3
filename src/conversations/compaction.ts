/** A message of the path, from its end up. */
interface Standing {
  id: string;
  depth: number;
  /** At most so many tokens. */
  tokens: number;
}

/** What of a path stays as it was said, behind its summary: so many messages, or so much of the window. */
export const verbatim = { messages: 12, share: 0.3 } as const;

/** A summary is due when an answer has read more than this share of its model's window. */
export const dueShare = 0.7;

/** A summary covers at least so many messages that the one before did not. */
const worthwhile = 2;

/**
 * Up to which message a path is summarised; undefined where too little has come since the summary before. The newest
 * messages stay, and the first of all; whatever they hold, the newest one stays.
 * @param upwards the path from its newest message up, read only as far as it is needed
 * @param covered how deep the last message lies that the summary before covers; 0 where there is none
 */
export function compactionEnd(
  upwards: Iterable<Standing>,
  { window, covered }: { window: number; covered: number },
): Standing | undefined {
  let messages = 0;
  let tokens = 0;
  for (const message of upwards) {
    messages += 1;
    tokens += message.tokens;
    const stays = messages === 1 || (messages <= verbatim.messages && tokens <= verbatim.share * window);
    if (!stays) return message.depth - covered >= worthwhile ? message : undefined;
  }
  return undefined;
}

/** What an answer has read: of its window so many tokens, of so many bytes. */
export interface Read {
  tokens: number;
  bytes: number;
  window: number;
}

export const isCompactionDue = ({ tokens, window }: Read): boolean => tokens > dueShare * window;

/** What a byte comes to at least and at most, in whatever language. */
const perByte = { least: 0.2, most: 0.6 } as const;

/** How much of what was known before still counts. */
const inertia = 0.5;

/** Tokens that a byte comes to, corrected by what an answer has read; never less than it was then. */
export function correctedRate(before: number | null, { tokens, bytes }: Read): number {
  const seen = Math.min(perByte.most, Math.max(perByte.least, tokens / Math.max(1, bytes)));
  return before === null ? seen : Math.max(seen, inertia * before + (1 - inertia) * seen);
}
