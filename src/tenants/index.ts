/** The door of `tenants`: what other rooms may import of it. */
export { actWithinClient } from "./act-within-client.ts";
export { clientWithin } from "./client-within.ts";
export { createClient } from "./create-client.ts";
export { deactivateClient } from "./deactivate-client.ts";
export { getClient } from "./get-client.ts";
export { getClientStats } from "./get-client-stats.ts";
export { holdoutOf } from "./holdout.ts";
export { listClients } from "./list-clients.ts";
export { readableBy, readableRanges, usableBy, usableRanges } from "./owner-condition.ts";
export { ownerSchema } from "./owner-schema.ts";
export { type Owner, ownerOf, ownLast, requireOwner } from "./ownership.ts";
export { staffingOf } from "./staffing.ts";
export { sweepGates } from "./tell-gate.ts";
export { updateClient } from "./update-client.ts";
