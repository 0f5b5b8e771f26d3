import { OpenAPIHono, type z } from "@hono/zod-openapi";
import { createRoute } from "#src/http/route.ts";
import { type Actor, nobody, type Visitor } from "#src/kernel/actor.ts";
import type { Operation } from "#src/operation/operation.ts";
import { perform } from "#src/operation/perform.ts";
import { type OperationName, type Policy, policies } from "#src/operation/policy.ts";
import type { GatewayContext, GatewayRequest } from "../context.ts";
import { deviceOf } from "../device.ts";
import { callerOf, callerOrVisitor, countedCaller } from "../middleware/authenticate.ts";
import { refuseFloods } from "../middleware/flood-guard.ts";
import { sessionEndOf } from "../session-end.ts";
import { usualAnswer } from "./answer.ts";
import { isOpen, routeOf } from "./document.ts";
import { inputOf } from "./input.ts";
import type { Method, Offer } from "./offer.ts";

/** A line of a table of routes. */
export interface Row {
  method: Method;
  path: string;
  /** Adds the route to the router of its table. */
  addTo(router: OpenAPIHono<GatewayContext>, tag: string): void;
}

/** Whether visitors of widgets may ask for it as well. */
const isForVisitors = ({ name }: { name: OperationName }): boolean => {
  const policy: Policy = policies[name];
  return policy.visitors === true;
};

/** Whoever calls an operation that is for anybody. */
async function anybodyAt(c: GatewayRequest, { name }: { name: OperationName }): Promise<Visitor> {
  const policy: Policy = policies[name];
  if (policy.cost !== 0) await refuseFloods(c);
  return nobody("rest", deviceOf(c));
}

const offered =
  (method: Method) =>
  <I extends z.ZodObject, O extends z.ZodType, A extends Actor>(
    path: string,
    operation: Operation<I, O, A>,
    /** What the answer is, for the document. */
    answered: string,
    offer: Offer<z.output<O>> = {},
  ): Row => ({
    method,
    path,
    addTo: (router, tag) => {
      const route = createRoute(routeOf(method, path, tag, operation, answered, offer));
      const isForAnybody = isOpen(operation);
      const signedIn = offer.caller ?? (isForVisitors(operation) ? callerOrVisitor : callerOf);
      const handle = async (c: GatewayRequest): Promise<Response> => {
        const idempotencyKey = method === "post" ? c.req.header("idempotency-key") : undefined;
        const raw = () => inputOf(c, operation.input, offer);
        const actor = isForAnybody ? await anybodyAt(c, operation) : await countedCaller(c, signedIn);
        c.set("actor", actor);
        const call = { idempotencyKey, sessionEnd: sessionEndOf(c) };
        const performed = await perform(operation, c.get("platform"), actor, raw, call);
        const answer = offer.answer ? await offer.answer(c, performed) : usualAnswer(c, performed, offer);
        if (performed.replayed) answer.headers.set("Idempotent-Replayed", "true");
        return answer;
      };
      const { middleware = [], ...documented } = route;
      router.openAPIRegistry.registerPath(documented);
      router.on([method], [route.getRoutingPath()], ...[middleware].flat(), handle);
    },
  });

export const get = offered("get");
export const post = offered("post");
export const put = offered("put");
export const patch = offered("patch");
export const del = offered("delete");

/** The router of a table of routes. */
export function restRouter(tag: string, rows: readonly Row[]): OpenAPIHono<GatewayContext> {
  const router = new OpenAPIHono<GatewayContext>();
  for (const row of rows) row.addTo(router, tag);
  return router;
}
