import {
  createModerationRule,
  deleteModerationRule,
  getModerationRule,
  listModerationRules,
  updateModerationRule,
} from "#src/moderation/index.ts";
import { del, get, patch, post, restRouter } from "../../rest/table.ts";

export const moderationRules = restRouter("Administration: conversations", [
  get("/", listModerationRules, "Rules"),
  post("/", createModerationRule, "Made", {
    status: 201,
    location: ({ id }) => `/api/v1/admin/moderation/rules/${id}`,
  }),
  get("/{rule_id}", getModerationRule, "The rule"),
  patch("/{rule_id}", updateModerationRule, "Changed"),
  del("/{rule_id}", deleteModerationRule, "Deleted", { status: 204 }),
]);
