import { exportOwnData, ownDataSchema } from "#src/data-export/index.ts";
import {
  changeEmail,
  changePassword,
  confirmEmail,
  deleteAccount,
  endOtherSessions,
  endSession,
  getProfile,
  listSessions,
  updateProfile,
} from "#src/identity/index.ts";
import { fileAnswer, fileDocumented } from "../rest/exported-file.ts";
import { del, get, post, put, restRouter } from "../rest/table.ts";

export const user = restRouter("User", [
  get("/profile", getProfile, "The profile"),
  put("/profile", updateProfile, "The profile"),
  del("/delete", deleteAccount, "Deleted"),
  get("/data-export", exportOwnData, "The file", {
    responses: fileDocumented("my-data.json", {
      "application/json": { schema: ownDataSchema },
    }),
    answer: fileAnswer,
  }),
  post("/password", changePassword, "Changed"),
  get("/sessions", listSessions, "Sessions"),
  del("/sessions", endOtherSessions, "Ended"),
  del("/sessions/{session_id}", endSession, "Ended", { status: 204 }),
  post("/email", changeEmail, "A mail is on its way to the new address", { status: 202 }),
  post("/email/confirm", confirmEmail, "Changed"),
]);
