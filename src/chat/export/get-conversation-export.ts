import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { exportView } from "./export-view.ts";
import { findReachableExport } from "./find-reachable-export.ts";
import { exportJobSchema } from "./schemas.ts";

export const getConversationExport = operation({
  name: "getConversationExport",
  summary: "How far an export is; `url` has its file for a day",
  input: z.object({ params: z.object({ export_id: z.uuid() }) }),
  output: exportJobSchema,
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { params }) =>
    exportView(await findReachableExport(platform, actor, params.export_id)),
});
