export * from "./clients.ts";
export * from "./content-slots.ts";
export * from "./event-outbox.ts";
export * from "./personas.ts";
export * from "./runs.ts";
export * from "./sessions.ts";
export * from "./subscriptions.ts";
export * from "./users.ts";
