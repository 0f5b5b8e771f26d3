import { z } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";

/**
 * Opaque page cursors: base64url of the JSON position after which the next
 * page begins. They carry no authority; the query's own filters do.
 */
export const encodeCursor = (position: unknown): string =>
  btoa(JSON.stringify(position)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** Decodes a cursor made by `encodeCursor`; a damaged one is a `VALIDATION_ERROR`. */
export function decodeCursor<T>(cursor: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(atob(cursor.replaceAll("-", "+").replaceAll("_", "/"))));
  } catch (cause) {
    throw new AppError("VALIDATION_ERROR", {
      details: { fields: [{ path: "cursor", message: "Not a cursor of this list" }] },
      cause,
    });
  }
}

/** Query parameters of every list: 20 entries a page unless asked otherwise, at most 100. */
export const cursorQuery = () =>
  z.strictObject({
    cursor: z.string().max(512).optional(),
    limit: z.coerce.number().int().min(1).max(100).default(20),
  });
