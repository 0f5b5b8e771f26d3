/** The door of `identity`: what other rooms may import of it. */
export { accountNow } from "./accounts/account-now.ts";
export { changeEmail } from "./accounts/change-email.ts";
export { confirmEmail } from "./accounts/confirm-email.ts";
export { deleteAccount } from "./accounts/delete-account.ts";
export { register } from "./accounts/register.ts";
export { resendVerification } from "./accounts/resend-verification.ts";
export { scrubDeletedUsers } from "./accounts/scrub-deleted-users.ts";
export { isHandling, isStaff } from "./accounts/staff-repository.ts";
export { stopRunsLater, stopRunsOf, sweepRunsOfDeleted } from "./accounts/stop-runs.ts";
export { deletionOf, isUnchanged, type UserChange } from "./accounts/user-change.ts";
export { applyUserChanges, findUsers, maxUserChanges } from "./accounts/user-change-repository.ts";
export {
  findClient,
  findProfile,
  findUser,
  findUserByEmail,
  newUserStatements,
  permissionsOf,
  type UserRow,
} from "./accounts/user-repository.ts";
export { userEvent } from "./accounts/user-traces.ts";
export { verifyEmail } from "./accounts/verify-email.ts";
export { countTiers } from "./gates/count-tiers.ts";
export { endRights } from "./gates/end-rights.ts";
export { endRoom } from "./gates/end-room.ts";
export { hubSpreadOf } from "./gates/hub-spread-repository.ts";
export { notifyTiers, sweepEndedSessions } from "./gates/notify-gates.ts";
export { shutOut } from "./gates/shut-out.ts";
export { changePassword } from "./passwords/change-password.ts";
export { forgotPassword } from "./passwords/forgot-password.ts";
export { forgetFailures } from "./passwords/login-failure-repository.ts";
export { forgetOneTimeTokens, makeOneTimeTokens } from "./passwords/one-time-token-repository.ts";
export { hashPassword } from "./passwords/password-hash.ts";
export { passwordProblems } from "./passwords/password-policy.ts";
export { resetPassword } from "./passwords/reset-password.ts";
export { setPassword } from "./passwords/set-password.ts";
export { getAvatar } from "./profile/get-avatar.ts";
export { getProfile } from "./profile/get-profile.ts";
export { profileFields } from "./profile/profile-view.ts";
export { updateProfile } from "./profile/update-profile.ts";
export { maxAvatarBytes, uploadAvatar } from "./profile/upload-avatar.ts";
export {
  clientIdSchema,
  emailSchema,
  newPasswordSchema,
  profileFieldsSchema,
  registerSchema,
  type TokenResponse,
} from "./schemas.ts";
export { cryptoKeyOf, keyOfHeader } from "./sessions/access-token.ts";
export { assertSession } from "./sessions/assert-session.ts";
export { connectWebSocket } from "./sessions/connect-web-socket.ts";
export { createWebSocketTicket } from "./sessions/create-web-socket-ticket.ts";
export { endOtherSessions } from "./sessions/end-other-sessions.ts";
export { endSession } from "./sessions/end-session.ts";
export { getSession } from "./sessions/get-session.ts";
export { listSessions } from "./sessions/list-sessions.ts";
export { login } from "./sessions/login.ts";
export { logout } from "./sessions/logout.ts";
export { openAtHub } from "./sessions/open-at-hub.ts";
export { refreshSchema, refreshTokens } from "./sessions/refresh-tokens.ts";
export {
  endDeadSessions,
  hasLiveSessions,
  liveSessionsOf,
  revokeSessionsOf,
} from "./sessions/session-repository.ts";
export { sessionView, sessionViewSchema } from "./sessions/session-view.ts";
export { requireUpgrade, socketAskingSchema } from "./sessions/socket-asking.ts";
export { verifyTicket } from "./sessions/ticket.ts";
export { tokenWithin } from "./sessions/token-within.ts";
export { validateToken } from "./sessions/validate-token.ts";
export {
  assertGoesOn,
  assertLetIn,
  isVerifiedHere,
  nobodyCanTell,
  verifiedToken,
} from "./sessions/verified-token.ts";
