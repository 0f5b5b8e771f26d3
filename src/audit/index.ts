/** The door of `audit`: what other rooms may import of it. */
export { type Action, auditAction } from "./audit-action.ts";
export { type AuditEntry, auditStatement } from "./audit-repository.ts";
