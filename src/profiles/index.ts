/** The door of `profiles`: what other rooms may import of it. */
export { getConsents } from "./consents/get-consents.ts";
export { updateConsents } from "./consents/update-consents.ts";
