import { OpenAPIHono, z } from "@hono/zod-openapi";
import type { Env } from "hono";
import { AppError } from "#src/kernel/app-error.ts";
import { validationError } from "./error-response.ts";

/**
 * A router whose validation failures become the platform's one error shape. A path that no thing can have is 404
 * like one that no thing has.
 */
export const createRouter = <E extends Env>() =>
  new OpenAPIHono<E>({
    defaultHook: (result) => {
      if (result.success) return;
      throw result.target === "param"
        ? noSuchThing(result.error.issues)
        : validationError(result.error.issues);
    },
  });

const noSuchThing = (issues: readonly { path: readonly PropertyKey[] }[]): AppError =>
  new AppError(issues.some(({ path }) => path[0] === "user_id") ? "USER_NOT_FOUND" : "NOT_FOUND");

/** Marks an operation as needing an access token. */
export const bearer: Record<string, string[]>[] = [{ bearer: [] }];

/** The header with which a caller may repeat a request, and have it carried out once. */
export const idempotencyHeader = z.object({ "idempotency-key": z.string().min(1).max(255).optional() });

/** The request body entry of a JSON operation. */
export const jsonBody = <S>(schema: S) => ({
  required: true as const,
  content: { "application/json": { schema } },
});

/** One JSON response entry. */
export const jsonResponse = <S>(description: string, schema: S) => ({
  description,
  content: { "application/json": { schema } },
});
