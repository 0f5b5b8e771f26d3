import { Pace } from "#durable-objects/conversation/pace.ts";
import { Flood } from "#durable-objects/flood.ts";

// What is measured is how fast messages are taken, not how fast a person may write.
Pace.prototype.waitOf = () => 0;
Flood.prototype.admits = () => true;

export * from "#workers/objects/index.ts";
export { default } from "#workers/objects/index.ts";
export { TenantPersonalisation } from "./personalisation.ts";
