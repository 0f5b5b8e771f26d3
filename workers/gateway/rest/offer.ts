import type { RouteConfig, z } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import type { SignedIn, WidgetVisitor } from "#src/kernel/actor.ts";
import type { ErrorCode } from "#src/kernel/error-catalogue.ts";
import type { Performed } from "#src/operation/operation.ts";
import type { GatewayRequest } from "../context.ts";

export type Method = "get" | "post" | "put" | "patch" | "delete";

/** How an operation is offered by REST, where it differs from what is usual. */
export interface Offer<O> {
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
  /** What headers add to the body. */
  amend?(c: GatewayRequest, body: unknown): unknown;
  /** Answers where the output is not all of it, or none. */
  answer?(c: GatewayRequest, performed: Performed<O>): Response | Promise<Response>;
  /** Says who calls, where it is not the token of the header alone. */
  caller?(c: GatewayRequest): Promise<SignedIn | WidgetVisitor>;
  /** Stands around all of it, the check of the token included. */
  middleware?: readonly MiddlewareHandler[];
  /** What is refused besides what the operation refuses. */
  refusals?: readonly ErrorCode[];
  /** Documented headers that only this way in reads. */
  requestHeaders?: z.ZodObject;
  /** Documented headers of the usual answer. */
  headers?: z.ZodObject;
}
