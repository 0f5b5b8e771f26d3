import { changeEmail } from "#src/identity/accounts/change-email.ts";
import { confirmEmail } from "#src/identity/accounts/confirm-email.ts";
import { deleteAccount } from "#src/identity/accounts/delete-account.ts";
import { changePassword } from "#src/identity/passwords/change-password.ts";
import { getProfile } from "#src/identity/profile/get-profile.ts";
import { updateProfile } from "#src/identity/profile/update-profile.ts";
import { endOtherSessions } from "#src/identity/sessions/end-other-sessions.ts";
import { endSession } from "#src/identity/sessions/end-session.ts";
import { listSessions } from "#src/identity/sessions/list-sessions.ts";
import { del, get, post, put, restRouter } from "../rest.ts";

export const user = restRouter("User", [
  get("/profile", getProfile, "The profile"),
  put("/profile", updateProfile, "The profile"),
  del("/delete", deleteAccount, "Deleted"),
  post("/password", changePassword, "Changed"),
  get("/sessions", listSessions, "Sessions"),
  del("/sessions", endOtherSessions, "Ended"),
  del("/sessions/{session_id}", endSession, "Ended", { status: 204 }),
  post("/email", changeEmail, "A mail is on its way to the new address", { status: 202 }),
  post("/email/confirm", confirmEmail, "Changed"),
]);
