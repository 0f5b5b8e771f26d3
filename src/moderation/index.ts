/** The door of `moderation`: what other rooms may import of it. */
export { banPerson } from "./bans/ban-person.ts";
export { endBan } from "./bans/end-ban.ts";
export { getBan } from "./bans/get-ban.ts";
export { listBans } from "./bans/list-bans.ts";
export { requireNotBanned } from "./require-not-banned.ts";
export { createModerationRule } from "./rules/create-moderation-rule.ts";
export { deleteModerationRule } from "./rules/delete-moderation-rule.ts";
export { getModerationRule } from "./rules/get-moderation-rule.ts";
export { listModerationRules } from "./rules/list-moderation-rules.ts";
export { updateModerationRule } from "./rules/update-moderation-rule.ts";
export { isModerated } from "./rules-in-force.ts";
export { taken, verdictOn } from "./verdict-on.ts";
