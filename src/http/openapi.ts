import { z } from "@hono/zod-openapi";

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
