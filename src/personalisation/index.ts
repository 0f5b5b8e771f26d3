/** The door of `personalisation`: what other rooms may import of it. */
export { consentChanges, consentsFrom } from "./consent.ts";
