import { stringify } from "csv-stringify/sync";
import { isoTime, isoTimeOrNull } from "#src/kernel/clock.ts";
import type { ExportRow } from "./export-repository.ts";
import { neutraliseFormula } from "./neutralise-formula.ts";
import type { ExportField, ExportUsers } from "./schemas.ts";

/** A file as it is written piece by piece. */
export interface ExportFile {
  contentType: string;
  name: string;
  head: string;
  /** A page of rows; `before` of them stand before it. */
  rows(rows: readonly ExportRow[], before: number): string;
  foot(count: number, now: number): string;
}

type Value = string | number | boolean | null;

const values: Record<ExportField, (row: ExportRow) => Value> = {
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
};

const cell = (value: Value): string => (value === null ? "" : neutraliseFormula(String(value)));

const csv = (records: readonly (readonly string[])[]) =>
  stringify([...records], { record_delimiter: "windows" });

const csvFile = (fields: readonly ExportField[]): ExportFile => ({
  contentType: "text/csv; charset=utf-8",
  name: "users_export.csv",
  head: csv([fields]),
  rows: (rows) => csv(rows.map((row) => fields.map((field) => cell(values[field](row))))),
  foot: () => "",
});

const jsonFile = (fields: readonly ExportField[]): ExportFile => ({
  contentType: "application/json",
  name: "users_export.json",
  head: '{"users":[',
  rows: (rows, before) =>
    (before > 0 ? ",\n" : "\n") +
    rows
      .map((row) => JSON.stringify(Object.fromEntries(fields.map((field) => [field, values[field](row)]))))
      .join(",\n"),
  foot: (count, now) => `\n],"count":${count},"exported_at":"${isoTime(now)}"}\n`,
});

/** The file that an export asks for. */
export const exportFile = ({ format, fields }: Pick<ExportUsers, "format" | "fields">): ExportFile =>
  format === "csv" ? csvFile(fields) : jsonFile(fields);
