import { z } from "@hono/zod-openapi";
import { errorResponses } from "#src/http/error-response.ts";
import { bearer, idempotencyHeader, jsonBody, jsonResponse } from "#src/http/openapi.ts";
import type { Actor } from "#src/kernel/actor.ts";
import type { ErrorCode } from "#src/kernel/error-catalogue.ts";
import { isHeldUpByMaintenance } from "#src/operation/maintenance.ts";
import type { Operation } from "#src/operation/operation.ts";
import { type Policy, policies } from "#src/operation/policy.ts";
import { keyConflict, keyHeader } from "../document/idempotency.ts";
import type { Method, Offer } from "./offer.ts";

/** Whether nobody need say who they are. */
export const isOpen = ({ name }: Pick<Operation<z.ZodObject, z.ZodType>, "name">): boolean =>
  policies[name].by === "anybody";

/** The route as the document has it: from the operation, its policy, and how it is offered. */
export function routeOf<I extends z.ZodObject, O extends z.ZodType, A extends Actor>(
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
  const ownHeaders = isKept ? keyHeader : operation.replays === "own" ? idempotencyHeader : shape.headers;
  const headers = [ownHeaders, offer.requestHeaders].filter((part) => part instanceof z.ZodObject);
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
    middleware: [...(offer.middleware ?? [])],
    request: {
      ...(params instanceof z.ZodObject ? { params } : {}),
      ...(query instanceof z.ZodObject ? { query } : {}),
      ...(headers.length > 0 ? { headers: headers.reduce((all, part) => all.extend(part.shape)) } : {}),
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
      ...errorResponses(...refusalsOf(operation, policy), ...(offer.refusals ?? [])),
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
    // Visitors of widgets are refused from other pages, and what is one's own to who acts within another tenant.
    ...(policy.own && !policy.visitors && (policy.by === "anybody" || policy.whileActing)
      ? []
      : (["INSUFFICIENT_PERMISSIONS"] as const)),
    ...(isHeldUpByMaintenance(policy) ? (["MAINTENANCE"] as const) : []),
    ...refusals,
  ];
}
