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

/** What is spoken on a socket: the hub's own commands, or GraphQL's protocol. */
export type Language = "hub" | "graphql";

/** By what a socket is found again. Those of the release before have no language among them, and speak the hub's own. */
export const tagsOf = (caller: Caller, language: Language, isStream = false): string[] => [
  `session:${caller.sessionId}`,
  tagOf(caller, isStream),
  ...(language === "graphql" ? [language] : []),
];

/** What is spoken on a socket. */
export const languageOf = (ctx: Pick<DurableObjectState, "getTags">, socket: WebSocket): Language =>
  ctx.getTags(socket).includes("graphql") ? "graphql" : "hub";

/** The open sockets of a language, all or those with a tag. */
export const socketsOf = (
  ctx: Pick<DurableObjectState, "getTags" | "getWebSockets">,
  language: Language,
  tag?: string,
): WebSocket[] => ctx.getWebSockets(tag).filter((socket) => languageOf(ctx, socket) === language);
