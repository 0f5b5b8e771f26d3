import { type AuditEntry, auditStatement } from "#src/audit/audit-repository.ts";
import type { Database } from "#src/db/client.ts";
import { type Account, tenantWithin } from "#src/kernel/actor.ts";
import type { Clock } from "#src/kernel/clock.ts";
import { requireAdministeringUsers } from "../access/rights.ts";
import type { AdministrationContext } from "../administration-context.ts";
import { type ExportFile, exportFile } from "./export-files.ts";
import { type ExportPosition, exportPage } from "./export-repository.ts";
import type { ExportUsers } from "./schemas.ts";

/** Rows read and held at once. A Worker may ask D1 a thousand times for one request. */
export const exportPageRows = 1000;

const encoder = new TextEncoder();

/** The file page by page; the next page is read only when the one before has been taken. */
async function* written(
  { db, clock }: { db: Database; clock: Clock },
  filters: ExportUsers["filters"],
  file: ExportFile,
): AsyncGenerator<Uint8Array, void> {
  yield encoder.encode(file.head);
  let count = 0;
  let after: ExportPosition | undefined;
  for (;;) {
    const page = await exportPage(db, filters, after, exportPageRows);
    if (page.length > 0) yield encoder.encode(file.rows(page, count));
    count += page.length;
    const last = page.at(-1);
    if (!last || page.length < exportPageRows) break;
    after = [last.createdAt, last.id];
  }
  yield encoder.encode(file.foot(count, clock.now()));
}

/**
 * Exports the accounts that the caller's rights reach, the newest first, as a file that is
 * read while it is sent: what is held at a time does not grow with it.
 * @throws AppError `INSUFFICIENT_PERMISSIONS`
 */
export async function exportUsers(
  { db, clock, device }: Pick<AdministrationContext, "db" | "clock" | "device">,
  actor: Account,
  { format, filters, fields }: ExportUsers,
): Promise<ExportFile & { pieces: AsyncGenerator<Uint8Array, void> }> {
  requireAdministeringUsers(actor);
  const file = exportFile({ format, fields });
  const client_id = tenantWithin(actor, filters.client_id);
  const entry: AuditEntry = {
    actorId: actor.userId,
    action: "users.exported",
    target: { type: "client", id: client_id ?? "*" },
    clientId: client_id ?? actor.clientId,
    details: { format, filters, fields },
    device,
  };
  await auditStatement(db, entry, clock.now());
  return { ...file, pieces: written({ db, clock }, { ...filters, client_id }, file) };
}
