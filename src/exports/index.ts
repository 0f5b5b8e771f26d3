/** The door of `exports`: what other rooms may import of it. */
export { type Columns, csvFile, type ExportFile, jsonFile, jsonLinesFile } from "./export-files.ts";
export {
  filesPartKey,
  type PartPlace,
  removeParts,
  removePartsOf,
  textPartKey,
} from "./gathered-parts.ts";
export { neutraliseFormula, plainFormula } from "./neutralise-formula.ts";
export { storePieces } from "./store-pieces.ts";
export { type Exported, written } from "./written.ts";
export { type ZipEntry, zipped } from "./zipped.ts";
