/** The door of `egress`: what other rooms may import of it. */
export { type Egress, egressOf } from "./egress.ts";
