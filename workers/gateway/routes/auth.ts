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
import { registers, signsIn, signsOut, trades } from "../rest/cookie-session.ts";
import { get, post, restRouter } from "../rest/table.ts";

export const auth = restRouter("Authentication", [
  post("/register", register, "Signed in", registers),
  post("/login", login, "Signed in", signsIn),
  post("/refresh", refreshTokens, "Signed in", trades),
  post("/validate", validateToken, "Valid"),
  get("/session", getSession, "The caller"),
  post("/logout", logout, "Signed out", signsOut),
  post("/verify-email", verifyEmail, "Verified"),
  post("/verify-email/resend", resendVerification, "Sent", { status: 202 }),
  post("/password/forgot", forgotPassword, "If the account exists, a mail is on its way", { status: 202 }),
  post("/password/reset", resetPassword, "Set"),
]);
