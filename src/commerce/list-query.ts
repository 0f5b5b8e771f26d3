import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { type PageRequest, pageRequest } from "#src/http/page.ts";

/** The query of every list of commerce: by cursor, or, as older clients do, by how many to leave out. */
export const listQuery = () =>
  cursorQuery().extend({
    offset: z.coerce.number().int().min(0).max(10_000).optional().openapi({
      description:
        "Entries to leave out before the page, for older clients; `cursor` costs less and goes further",
    }),
  });

/** A parameter of ids, with commas between: whatever of them there is, of a hundred at most. */
export const idsParameter = z
  .string()
  .max(4000)
  .transform((text) => text.split(","))
  .pipe(z.array(z.uuid()).min(1).max(100))
  .optional()
  .openapi({ type: "string", description: "Only those of these ids, at most 100, with commas between" });

/** A page, and how many rows before it are left out. */
export interface ListRequest extends PageRequest {
  offset: number;
}

/** The page that a query asks for. */
export const listRequest = (query: { cursor?: string; offset?: number; limit: number }): ListRequest => ({
  ...pageRequest(query),
  offset: query.cursor === undefined ? (query.offset ?? 0) : 0,
});

/** A parameter that may come several times: any of its values. */
export const anyOf = <const T extends readonly [string, ...string[]]>(values: T, description: string) =>
  z
    .union([z.enum(values).transform((one) => [one]), z.array(z.enum(values)).min(1).max(values.length)])
    .optional()
    .openapi({ type: "array", items: { type: "string", enum: [...values] }, description });

/** Words as a full-text query that finds what has words which begin so, of a tenant. */
export const matchOf = (clientId: string, columns: string, words: string): string => {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const terms = words.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const wanted = terms.map((word) => `${quoted(word)}*`).join(" ");
  return `client_id:${quoted(clientId)} AND {${columns}}: (${wanted === "" ? '""' : wanted})`;
};
