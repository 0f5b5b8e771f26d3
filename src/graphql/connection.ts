import { z } from "zod";
import { encodeCursor } from "#src/http/cursor.ts";
import { validationError } from "#src/http/error-response.ts";
import { builder } from "./builder.ts";
import { costs, defaultPage, maxPage } from "./field-cost.ts";
import type { Row } from "./rows.ts";
import type { ViewType } from "./view-type.ts";

/** A page of a list, as an operation answers it. */
interface Page {
  rows: readonly Row[];
  /** Where the next page begins; null on the last. */
  nextCursor: string | null;
  after: string | undefined;
  /** Where the list goes on behind a row, where it is not by time. */
  cursorOf?: (row: Row) => string;
}

const pageSchema = z.object({
  first: z.number().int().min(1).max(maxPage).default(defaultPage),
  after: z.string().optional(),
});

/**
 * What the query of a list says for the arguments of a connection.
 * @throws AppError `VALIDATION_ERROR`
 */
export function pageQuery({ first, after }: { first?: number | null; after?: string | null }) {
  const { data, error } = pageSchema.safeParse({ first: first ?? undefined, after: after ?? undefined });
  if (error) throw validationError(error.issues);
  return { limit: data.first, cursor: data.after };
}

/** Where a list goes on behind a row: lists are by time and id, newest first (`#src/http/page.ts`). */
const byTime = (row: Row): string => encodeCursor([Date.parse(String(row.created_at)), String(row.id)]);

/** An entry of a page, and where its list goes on behind it. */
interface Edge {
  row: Row;
  cursor: string;
}

const edgesOf = ({ rows, cursorOf = byTime }: Page): Edge[] =>
  rows.map((row) => ({ row, cursor: cursorOf(row) }));

const PageInfo = builder.objectRef<Page>("PageInfo").implement({
  fields: (t) => ({
    hasNextPage: t.boolean({
      nullable: false,
      extensions: costs(0),
      resolve: ({ nextCursor }) => nextCursor !== null,
    }),
    hasPreviousPage: t.boolean({
      nullable: false,
      extensions: costs(0),
      resolve: ({ after }) => after !== undefined,
    }),
    startCursor: t.string({
      nullable: true,
      extensions: costs(0),
      resolve: (page) => edgesOf(page)[0]?.cursor,
    }),
    endCursor: t.string({
      nullable: true,
      extensions: costs(0),
      resolve: (page) => edgesOf(page).at(-1)?.cursor,
    }),
  }),
});

/** The connection of a type (Relay's cursor connections): its edges cost nothing, what is in them as often as there are. */
export function connectionOf(name: string, type: ViewType) {
  const edge = builder.objectRef<Edge>(`${name}Edge`).implement({
    fields: (t) => ({
      cursor: t.string({ nullable: false, extensions: costs(0), resolve: ({ cursor }) => cursor }),
      node: t.field({ type, nullable: false, resolve: ({ row }) => row }),
    }),
  });
  return builder.objectRef<Page>(`${name}Connection`).implement({
    fields: (t) => ({
      edges: t.field({
        type: [edge],
        nullable: false,
        extensions: costs(0, 1),
        resolve: edgesOf,
      }),
      nodes: t.field({
        type: [type],
        nullable: false,
        description: "The same without their cursors",
        resolve: ({ rows }) => [...rows],
        extensions: costs(1, 1),
      }),
      pageInfo: t.field({ type: PageInfo, nullable: false, extensions: costs(0), resolve: (page) => page }),
    }),
  });
}
