import { type Account, hasPermission, missingPermission } from "#src/kernel/actor.ts";

/** Whether somebody sees e-mail addresses, telephone numbers and addresses in clear. A persona never does. */
export const seesContacts = (actor: Account): boolean =>
  actor.kind !== "run" && hasPermission(actor, "customers.contact");

/** @throws AppError `INSUFFICIENT_PERMISSIONS` for who is not to learn, by asking, what is masked for them */
export function requireContacts(actor: Account): void {
  if (!seesContacts(actor)) throw missingPermission("customers.contact");
}

const hidden = "•••";

/** An e-mail address for who may not see it: its first letter and its domain. */
export function maskedEmail(email: string): string {
  const [name = "", domain = ""] = email.split("@");
  return `${[...name][0] ?? ""}${hidden}@${domain}`;
}

/** A telephone number for who may not see it: its last two digits. */
export const maskedPhone = (phone: string): string =>
  `${hidden}${/\d{0,2}$/.exec(phone.replaceAll(/\D/g, ""))?.[0] ?? ""}`;

/** An address for who may not see it: the country. */
export const maskedAddress = (address: Readonly<Record<string, string>>): Record<string, string> =>
  address.country === undefined ? {} : { country: address.country };
