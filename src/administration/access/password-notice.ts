import type { Mail } from "#src/mail/index.ts";

/** The letter that tells of a password an administrator has set. It never holds the password. */
export const passwordNotice = (to: string, mustChange: boolean, note?: string): Mail => ({
  to,
  subject: "Your password was changed by an administrator",
  text: [
    "An administrator has set a new password for your account and ended its sessions.",
    ...(mustChange ? ["You will be asked to choose another one when you next sign in."] : []),
    ...(note ? [note] : []),
    "If you did not expect this, contact your administrator.",
    "",
  ].join("\n\n"),
});
