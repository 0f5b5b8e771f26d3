/** The door of `exports`: what other rooms may import of it. */
export { type Columns, csvFile, type ExportFile, jsonFile, jsonLinesFile } from "./export-files.ts";
export { neutraliseFormula } from "./neutralise-formula.ts";
export { type Exported, written } from "./written.ts";
