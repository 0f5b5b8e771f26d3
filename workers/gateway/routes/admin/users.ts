import { z } from "@hono/zod-openapi";
import {
  bulkUsers,
  deleteUser,
  endUserSessions,
  exportedUsersSchema,
  exportUsers,
  getUser,
  getUserActivity,
  getUserAudit,
  grantPermission,
  listUserSessions,
  listUsers,
  revokePermission,
  setUserPassword,
  updateUser,
} from "#src/administration/index.ts";
import { fileAnswer, fileDocumented } from "../../rest/exported-file.ts";
import { del, get, post, put, restRouter } from "../../rest/table.ts";

const exported = fileDocumented("users_export.csv", {
  "text/csv": {
    schema: z
      .string()
      .openapi({ example: "id,email\r\n0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c,a@b.example\r\n" }),
  },
  "application/json": { schema: exportedUsersSchema },
});

/** `/admin/users`, but for imports. */
export const users = restRouter("Administration: users", [
  get("/", listUsers, "Accounts"),
  post("/bulk", bulkUsers, "What became of them"),
  post("/export", exportUsers, "The file", { responses: exported, answer: fileAnswer }),
  get("/{user_id}", getUser, "The account"),
  put("/{user_id}", updateUser, "The account"),
  del("/{user_id}", deleteUser, "Deleted", { status: 204 }),
  post("/{user_id}/permissions", grantPermission, "What the account is granted now", {
    status: 201,
    location: ({ user_id }) => `/api/v1/admin/users/${user_id}`,
  }),
  del("/{user_id}/permissions/{permission_name}", revokePermission, "Revoked", { status: 204 }),
  get("/{user_id}/sessions", listUserSessions, "Sessions"),
  del("/{user_id}/sessions", endUserSessions, "Ended", { bodyIsOptional: true }),
  post("/{user_id}/password", setUserPassword, "Set"),
  get("/{user_id}/audit", getUserAudit, "Audit log"),
  get("/{user_id}/activity", getUserActivity, "Activity"),
]);
