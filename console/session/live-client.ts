import { personaClient } from "#client/client.ts";
import { accessToken, renewed } from "./session.ts";

/** What goes on while one looks, as the signed-in account: the socket, and executions. Loaded when it is needed. */
export const { runs, realtime } = personaClient({
  baseUrl: location.origin,
  token: { get: accessToken, renew: renewed },
});
