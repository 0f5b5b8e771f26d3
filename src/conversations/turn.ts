import type { BusyWay } from "#src/kernel/chat-words.ts";
import type { StaleCode, TurnKey } from "#src/objects/turn-contract.ts";

/** How turns stand. `superseded`: something newer is answered in its place. */
export const turnStatuses = ["running", "done", "stopped", "failed", "superseded"] as const;
export type TurnStatus = (typeof turnStatuses)[number];

/** A turn, as far as it decides what it may still change. */
export interface TurnStanding {
  status: TurnStatus;
  epoch: number;
  attempt: number;
}

/**
 * Why a call of a turn changes nothing; undefined for one that counts.
 * @param holderEpoch the conversation's own, which has passed the turn's once somebody else holds it
 */
export function staleness(
  turn: TurnStanding | undefined,
  { epoch, attempt }: Pick<TurnKey, "epoch"> & { attempt?: number },
  holderEpoch: number,
): StaleCode | undefined {
  if (!turn) return "NOT_FOUND";
  if (epoch !== turn.epoch || turn.epoch !== holderEpoch) return "EPOCH_PASSED";
  if (turn.status !== "running") return "ENDED";
  return attempt !== undefined && attempt < turn.attempt ? "ATTEMPT_PASSED" : undefined;
}

/** What comes of a message that wants an answer, by what the conversation is doing. */
export type Consequence = "begin" | "wait" | "interrupt" | "reject";

/** Nobody but the persona answers by turns: while a person holds the conversation, or the queue does, messages wait. */
export function consequenceOf(
  { isPersonas, isRunning }: { isPersonas: boolean; isRunning: boolean },
  way: BusyWay,
): Consequence {
  if (!isPersonas) return "wait";
  if (!isRunning) return "begin";
  return way === "queue" ? "wait" : way;
}
