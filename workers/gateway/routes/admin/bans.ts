import { banPerson, endBan, getBan, listBans } from "#src/moderation/index.ts";
import { del, get, post, restRouter } from "../../rest/table.ts";

export const bans = restRouter("Administration: conversations", [
  get("/", listBans, "Bans"),
  post("/", banPerson, "Banned", {
    status: 201,
    location: ({ id }) => `/api/v1/admin/bans/${id}`,
  }),
  get("/{ban_id}", getBan, "The ban"),
  del("/{ban_id}", endBan, "Lifted", { status: 204 }),
]);
