/** The door of `egress`: what other rooms may import of it. */
export { beginningOf } from "./beginning-of.ts";
export { type Egress, egressOf } from "./egress.ts";
export { EgressError, type EgressFailure, egressErrorOf } from "./egress-error.ts";
