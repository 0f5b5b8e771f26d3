/** The door of `imports`: what other rooms may import of it. */
export { maxImportBytes, tooLarge } from "./import-size.ts";
export { fileSchema, importedText } from "./imported-file.ts";
export { maxImportRows, type ReadRow, unusable } from "./limits.ts";
export { readCsv, withoutTrail } from "./read-csv.ts";
export {
  asJson,
  asKept,
  asList,
  asNull,
  asNumber,
  asSwitch,
  asText,
  type Columns,
  readTable,
} from "./read-table.ts";
