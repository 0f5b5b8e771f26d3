import { type Caller, maxSockets } from "#src/realtime/index.ts";

/** By what the sockets of a user are found: their own, or those with which the gateway streams runs to them. */
export const tagOf = ({ userId }: Pick<Caller, "userId">, isStream: boolean): string =>
  `${isStream ? "stream" : "user"}:${userId}`;

/**
 * Whether there is no room for another socket. Those that are closing count as well: whoever does not read leaves them
 * behind.
 */
export function isFull(
  ctx: Pick<DurableObjectState, "getWebSockets">,
  caller: Caller,
  isStream: boolean,
): boolean {
  const most = isStream ? maxSockets.streamsOfUser : maxSockets.ofUser;
  return (
    ctx.getWebSockets(tagOf(caller, isStream)).length >= most ||
    ctx.getWebSockets().length >= maxSockets.ofHub
  );
}
