/** The door of `profiles`: what other rooms may import of it. */
export { getConsents } from "./consents/get-consents.ts";
export { updateConsents } from "./consents/update-consents.ts";
export { createContextEvent } from "./context/create-context-event.ts";
export { getPersonContext } from "./context/get-person-context.ts";
export { createPersonProfile } from "./profile/create-person-profile.ts";
export { deleteFact } from "./profile/delete-fact.ts";
export { deletePersonProfile } from "./profile/delete-person-profile.ts";
export { getPersonProfile } from "./profile/get-person-profile.ts";
export { patchPersonProfile } from "./profile/patch-person-profile.ts";
export { updateFact } from "./profile/update-fact.ts";
export { updatePersonProfile } from "./profile/update-person-profile.ts";
