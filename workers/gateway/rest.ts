import { type OpenAPIHono, type RouteConfig, z } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { errorResponses } from "#src/http/error-response.ts";
import { bearer, createRouter, idempotencyHeader, jsonBody, jsonResponse } from "#src/http/openapi.ts";
import { createRoute } from "#src/http/route.ts";
import { type Actor, nobody } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { ErrorCode } from "#src/kernel/error-catalogue.ts";
import type { Operation, Performed } from "#src/operation/operation.ts";
import { perform } from "#src/operation/perform.ts";
import { type Policy, policies } from "#src/operation/policy.ts";
import type { GatewayContext } from "./context.ts";
import { deviceOf } from "./device.ts";
import { keyConflict, keyHeader } from "./document/idempotency.ts";
import { authenticate } from "./middleware/authenticate.ts";
import { sessionEndOf } from "./session-end.ts";

type Method = "get" | "post" | "put" | "patch" | "delete";
export type GatewayRequest = Context<GatewayContext>;

/** How an operation is offered by REST, where it differs from what is usual. */
interface Offer<O> {
  /** 200 unless said otherwise. */
  status?: 101 | 200 | 201 | 202 | 204;
  /** Where what was made is found; by the parameters of the path, where the output does not say all of it. */
  location?(output: O, params: Record<string, string>): string;
  /** Another `operationId` than the operation's name, for a second address of the same. */
  operationId?: string;
  deprecated?: boolean;
  summary?: string;
  /** Whether the body may be left out. */
  bodyIsOptional?: boolean;
  /** Documented answers besides the usual one. */
  responses?: RouteConfig["responses"];
  /** The body where it is no JSON: what the document says of it, and how it is read. */
  body?: {
    documented?: NonNullable<RouteConfig["request"]>["body"];
    read(c: GatewayRequest): Promise<unknown>;
  };
  /** Answers where the output is not all of it, or none. */
  answer?(c: GatewayRequest, performed: Performed<O>): Response | Promise<Response>;
  /** Says who calls, where it is not the token of the header alone. */
  authenticate?: MiddlewareHandler<GatewayContext>;
  /** Stands before the operation, and behind the check of the token. */
  middleware?: readonly MiddlewareHandler[];
  /** Documented headers of the usual answer. */
  headers?: z.ZodObject;
}

/** A line of a table of routes. */
export interface Row {
  method: Method;
  path: string;
  /** Adds the route to the router of its table. */
  addTo(router: OpenAPIHono<GatewayContext>, tag: string): void;
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
      const route = createRoute(describe(method, path, tag, operation, answered, offer));
      const handle = async (c: GatewayRequest): Promise<Response> => {
        const { platform } = c.var;
        const idempotencyKey = method === "post" ? c.req.header("idempotency-key") : undefined;
        const raw = () => inputOf(c, operation.input, offer.body?.read);
        const actor = isOpen(operation) ? nobody("rest", deviceOf(c)) : c.var.actor;
        const call = { idempotencyKey, sessionEnd: sessionEndOf(c) };
        const performed = await perform(operation, platform, actor, raw, call);
        if (performed.replayed) c.header("Idempotent-Replayed", "true");
        return offer.answer ? offer.answer(c, performed) : answer(c, performed, offer);
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
  const router = createRouter<GatewayContext>();
  for (const row of rows) row.addTo(router, tag);
  return router;
}

/** Whether nobody need say who they are. */
const isOpen = ({ name }: Pick<Operation<z.ZodObject, z.ZodType>, "name">): boolean =>
  policies[name].by === "anybody";

/** The route as the document has it: from the operation, its policy, and how it is offered. */
function describe<I extends z.ZodObject, O extends z.ZodType, A extends Actor>(
  method: Method,
  path: string,
  tag: string,
  operation: Operation<I, O, A>,
  answered: string,
  offer: Offer<z.output<O>>,
) {
  const policy: Policy = policies[operation.name];
  const { shape } = operation.input;
  const [params, query, body] = [shape.params, shape.query, shape.body];
  const isKept = method === "post" && operation.replays === "stored";
  const headers = isKept ? keyHeader : operation.replays === "own" ? idempotencyHeader : shape.headers;
  const { status = 200 } = offer;
  return {
    method,
    path,
    operationId: offer.operationId ?? operation.name,
    tags: [tag],
    summary: offer.summary ?? operation.summary,
    ...(operation.description === undefined ? {} : { description: operation.description }),
    ...(offer.deprecated ? { deprecated: true } : {}),
    ...(isOpen(operation) ? {} : { security: bearer }),
    middleware: [
      ...(isOpen(operation) ? [] : [offer.authenticate ?? authenticate]),
      ...(offer.middleware ?? []),
    ],
    request: {
      ...(params instanceof z.ZodObject ? { params } : {}),
      ...(query instanceof z.ZodObject ? { query } : {}),
      ...(headers instanceof z.ZodObject ? { headers } : {}),
      ...(body instanceof z.ZodType
        ? { body: offer.body ? offer.body.documented : bodyOf(body, offer.bodyIsOptional) }
        : {}),
    },
    responses: {
      ...(isKept ? keyConflict : {}),
      [status]: {
        ...(status === 204 || status === 101
          ? { description: answered }
          : jsonResponse(answered, operation.output)),
        ...(offer.headers ? { headers: offer.headers } : {}),
      },
      ...offer.responses,
      ...errorResponses(...refusalsOf(operation, policy)),
    },
  };
}

const bodyOf = (schema: z.ZodType, isOptional = false) =>
  isOptional ? { content: { "application/json": { schema } } } : jsonBody(schema);

/** What can be refused: by the check of the input, of the token, of the policy, and by the operation itself. */
function refusalsOf(
  { input, refusals }: Pick<Operation<z.ZodObject, z.ZodType>, "input" | "refusals">,
  policy: Policy,
): ErrorCode[] {
  const hasInput = Object.keys(input.shape).length > 0;
  return [
    ...(hasInput ? (["VALIDATION_ERROR"] as const) : []),
    ...(policy.by === "anybody" ? [] : (["UNAUTHORIZED", "TOKEN_INVALID"] as const)),
    ...(policy.own ? [] : (["INSUFFICIENT_PERMISSIONS"] as const)),
    ...refusals,
  ];
}

/** The input of a call, in its parts, as it came in. */
async function inputOf(
  c: GatewayRequest,
  { shape }: z.ZodObject,
  readBody: ((c: GatewayRequest) => Promise<unknown>) | undefined,
): Promise<Record<string, unknown>> {
  return {
    ...(shape.params ? { params: c.req.param() } : {}),
    ...(shape.query ? { query: queryOf(c) } : {}),
    ...(shape.headers ? { headers: c.req.header() } : {}),
    ...(shape.body ? { body: await (readBody ?? jsonOf)(c) } : {}),
  };
}

/** Query parameters; a list of those that are there several times. */
const queryOf = (c: GatewayRequest): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.entries(c.req.queries()).map(([name, values]) => [
      name,
      values.length === 1 && values[0] !== undefined ? values[0] : values,
    ]),
  );

/** The JSON body; an empty object where there is none. */
async function jsonOf(c: GatewayRequest): Promise<unknown> {
  if (c.req.header("content-type") === undefined) return {};
  try {
    return await c.req.json();
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new AppError("VALIDATION_ERROR", { message: "Malformed JSON in request body", cause });
  }
}

/** The usual answer: the output as JSON, and where what was made is. */
function answer<O>(c: GatewayRequest, { output }: Performed<O>, offer: Offer<O>): Response {
  const { status = 200, location } = offer;
  if (status === 101 || status === 204) return c.body(null, status);
  if (location) c.header("Location", location(output, c.req.param()));
  return json(c, output, status);
}

export function json(c: GatewayRequest, output: unknown, status: ContentfulStatusCode = 200): Response {
  return c.body(JSON.stringify(output), status, { "content-type": "application/json" });
}
