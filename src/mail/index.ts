/** The door of `mail`: what other rooms may import of it. */
export { configuredMailer } from "./configured-mailer.ts";
export { readMailbox } from "./development-mailbox.ts";
export type { Mail, Mailer } from "./mailer.ts";
export { sendMails } from "./send-mails.ts";
