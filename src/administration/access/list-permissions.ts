import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { pageOfAll } from "#src/http/page.ts";
import { permissionNames, permissions, spellingsOf } from "#src/kernel/permissions.ts";
import { operationsOpenedBy } from "#src/operation/opened-by.ts";
import { operation } from "#src/operation/operation.ts";
import { permissionListSchema } from "./schemas.ts";

export const listPermissions = operation({
  name: "listPermissions",
  summary: "Permissions",
  description: "Every permission that can be granted, with the operations that it opens.",
  input: z.object({ query: cursorQuery() }),
  output: permissionListSchema,
  run: async (_platform, _actor, { query }) => {
    const listed = permissionNames.map((name) => ({
      name,
      description: permissions[name].description,
      operations: operationsOpenedBy(name),
      also_spelled: spellingsOf(name),
    }));
    const { rows, nextCursor } = pageOfAll(listed, query);
    return { permissions: rows, next_cursor: nextCursor };
  },
});
