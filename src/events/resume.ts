/** Which log a number is of, where that is known, and the number of the last event that was read of it. */
export interface Place {
  epoch?: string | undefined;
  seq: number;
}

/** What a log has: which one it is (an object of the release before does not say it), and its oldest and latest number. */
export interface Extent {
  epoch?: string | undefined;
  oldest: number;
  latest: number;
}

/** Events that are not to be had any more: those between what was read and the oldest that is kept. */
export interface Gap {
  since: number;
  oldest: number;
  latest: number;
}

/**
 * Where reading goes on for who has read up to a place. With a gap where that cannot be told: events in between are no
 * longer kept, or the log has begun anew since (docs/realtime.md#coming-back); then all that is kept follows.
 */
export function resumeAt({ epoch, seq }: Place, extent: Extent): { after: number; gap?: Gap } {
  const { oldest, latest } = extent;
  const isOther = epoch !== undefined && extent.epoch !== undefined && epoch !== extent.epoch;
  if (!isOther && seq <= latest && oldest <= seq + 1) return { after: seq };
  return { after: Math.max(oldest - 1, 0), gap: { since: seq, oldest, latest } };
}

/** A place as text, as the ids of server-sent events have it: `<epoch>.<seq>`. */
export const placeText = ({ epoch, seq }: Place): string => (epoch === undefined ? "" : `${epoch}.`) + seq;

/** What an epoch looks like. */
export const epochShape = /^[0-9a-z]{1,20}$/;

/** What the text of a place looks like: one of releases before has the number alone. */
export const placeShape = /^(?:[0-9a-z]{1,20}\.)?[0-9]{1,15}$/;

/** Reads the text of a place, which has its shape. */
export function placeFrom(text: string): Place {
  const [seq, epoch] = text.split(".").reverse();
  return { epoch, seq: Number(seq) };
}
