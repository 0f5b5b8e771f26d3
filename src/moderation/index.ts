/** The door of `moderation`: what other rooms may import of it. */
export { createModerationRule } from "./rules/create-moderation-rule.ts";
export { deleteModerationRule } from "./rules/delete-moderation-rule.ts";
export { getModerationRule } from "./rules/get-moderation-rule.ts";
export { listModerationRules } from "./rules/list-moderation-rules.ts";
export { updateModerationRule } from "./rules/update-moderation-rule.ts";
export { verdictOn } from "./verdict-on.ts";
