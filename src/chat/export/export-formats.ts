import { csvFormat } from "./csv-format.ts";
import type { ExportFormat } from "./export-format.ts";
import { jsonFormat } from "./json-format.ts";
import { markdownFormat } from "./markdown-format.ts";
import { ndjsonFormat } from "./ndjson-format.ts";
import type { ExportFormatName } from "./schemas.ts";

/** The formats, by name. */
export const exportFormatsByName: Readonly<Record<ExportFormatName, ExportFormat>> = {
  json: jsonFormat,
  ndjson: ndjsonFormat,
  csv: csvFormat,
  markdown: markdownFormat,
};
