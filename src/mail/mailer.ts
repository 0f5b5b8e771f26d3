/** A message to one person. */
export interface Mail {
  to: string;
  subject: string;
  text: string;
}

/** Sends mail. A provider that cannot be reached throws; nothing is dropped in silence. */
export interface Mailer {
  send(mail: Mail): Promise<void>;
  /** Several at once, all or none, where a provider can. */
  sendTogether?(mails: readonly Mail[]): Promise<void>;
}
