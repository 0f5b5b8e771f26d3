/** The door of `data-export`: what other rooms may import of it. */
export { exportOwnData } from "./export-own-data.ts";
export { ownDataSchema } from "./schemas.ts";
