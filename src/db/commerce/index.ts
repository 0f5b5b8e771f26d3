export { eventOutbox } from "../schema/event-outbox.ts";
export * from "./changes.ts";
export * from "./customers.ts";
export * from "./orders.ts";
export * from "./personas.ts";
export * from "./products.ts";
export * from "./rollups.ts";
export * from "./stock.ts";
