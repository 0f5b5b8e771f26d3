import { csvFile, type ExportFile, jsonFile } from "#src/exports/index.ts";
import { isoTime, isoTimeOrNull } from "#src/kernel/clock.ts";
import type { ExportRow } from "./export-repository.ts";
import type { ExportField, ExportUsers } from "./schemas.ts";

const values = {
  id: ({ id }) => id,
  email: ({ email }) => email,
  client_id: ({ clientId }) => clientId,
  role: ({ role }) => role,
  subscription_tier: ({ tier }) => tier,
  is_active: ({ isActive }) => isActive,
  email_verified: ({ emailVerified }) => emailVerified,
  first_name: ({ firstName }) => firstName,
  last_name: ({ lastName }) => lastName,
  company: ({ company }) => company,
  phone: ({ phone }) => phone,
  total_logins: ({ totalLogins }) => totalLogins,
  last_login_at: ({ lastLoginAt }) => isoTimeOrNull(lastLoginAt),
  created_at: ({ createdAt }) => isoTime(createdAt),
  updated_at: ({ updatedAt }) => isoTime(updatedAt),
} satisfies Record<ExportField, (row: ExportRow) => string | number | boolean | null>;

/** The file that an export asks for. */
export function exportFile({
  format,
  fields,
}: Pick<ExportUsers, "format" | "fields">): ExportFile<ExportRow> {
  const columns = fields.map((field) => [field, values[field]] as const);
  return format === "csv" ? csvFile("users_export", columns) : jsonFile("users_export", "users", columns);
}
