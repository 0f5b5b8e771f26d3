import {
  forgotPassword,
  getSession,
  login,
  logout,
  refreshTokens,
  register,
  resendVerification,
  resetPassword,
  validateToken,
  verifyEmail,
} from "#src/identity/index.ts";
import { get, post, restRouter } from "../rest/table.ts";

export const auth = restRouter("Authentication", [
  post("/register", register, "Signed in", { status: 201, location: () => "/api/v1/user/profile" }),
  post("/login", login, "Signed in"),
  post("/refresh", refreshTokens, "Signed in"),
  post("/validate", validateToken, "Valid"),
  get("/session", getSession, "The caller"),
  post("/logout", logout, "Signed out"),
  post("/verify-email", verifyEmail, "Verified"),
  post("/verify-email/resend", resendVerification, "Sent", { status: 202 }),
  post("/password/forgot", forgotPassword, "If the account exists, a mail is on its way", { status: 202 }),
  post("/password/reset", resetPassword, "Set"),
]);
