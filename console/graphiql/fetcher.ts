import type { Fetcher } from "@graphiql/toolkit";
import { getOperationAST, parse } from "graphql";
import { createClient } from "graphql-ws/client";
import { socketAddress } from "./session.ts";

/** Whether what is asked for is a subscription, which comes over a socket. */
const isSubscription = (query: string, name: string | null | undefined): boolean =>
  getOperationAST(parse(query), name)?.operation === "subscription";

/**
 * Asks the platform: by HTTP, and for subscriptions over a socket that is opened when the first one begins.
 * @param token the access token; left out for a visitor, who may ask for little
 */
export function fetcherFor(token: string | undefined): Fetcher {
  const sockets = createClient({
    url: () => socketAddress(token ?? ""),
    retryAttempts: 0,
    lazyCloseTimeout: 1000,
  });
  return async ({ query, variables, operationName }, { headers = {} } = {}) => {
    if (operationName !== "IntrospectionQuery" && isSubscription(query, operationName))
      return sockets.iterate({ query, variables, operationName });
    const answer = await fetch("/graphql", {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/graphql-response+json, application/json",
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: JSON.stringify({ query, variables, operationName }),
    });
    return answer.json();
  };
}
