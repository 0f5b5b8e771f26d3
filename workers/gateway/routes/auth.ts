import { register } from "#src/identity/accounts/register.ts";
import { resendVerification } from "#src/identity/accounts/resend-verification.ts";
import { verifyEmail } from "#src/identity/accounts/verify-email.ts";
import { forgotPassword } from "#src/identity/passwords/forgot-password.ts";
import { resetPassword } from "#src/identity/passwords/reset-password.ts";
import { getSession } from "#src/identity/sessions/get-session.ts";
import { login } from "#src/identity/sessions/login.ts";
import { logout } from "#src/identity/sessions/logout.ts";
import { refreshTokens } from "#src/identity/sessions/refresh-tokens.ts";
import { validateToken } from "#src/identity/sessions/validate-token.ts";
import { get, post, restRouter } from "../rest.ts";

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
