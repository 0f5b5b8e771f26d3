import { stringify } from "csv-stringify/sync";
import { isoTime } from "#src/kernel/clock.ts";
import { neutraliseFormula } from "./neutralise-formula.ts";

/** A file of rows as it is written piece by piece. */
export interface ExportFile<Row> {
  contentType: string;
  name: string;
  head: string;
  /** A page of rows; `before` of them stand before it. */
  rows(rows: readonly Row[], before: number): string;
  foot(count: number, now: number): string;
}

type Value = string | number | boolean | null;

/** What a file tells of each row, in its order: a name, and how it is read. */
export type Columns<Row> = readonly (readonly [name: string, value: (row: Row) => Value])[];

const cell = (value: Value): string => (value === null ? "" : neutraliseFormula(String(value)));

const csv = (records: readonly (readonly string[])[]) =>
  stringify([...records], { record_delimiter: "windows", quoted_match: /[\r\n]/ });

const recordOf = <Row>(columns: Columns<Row>, row: Row): string =>
  JSON.stringify(Object.fromEntries(columns.map(([name, value]) => [name, value(row)])));

/** A table for spreadsheets, which run nothing that stands in it. */
export const csvFile = <Row>(name: string, columns: Columns<Row>): ExportFile<Row> => ({
  contentType: "text/csv; charset=utf-8",
  name: `${name}.csv`,
  head: csv([columns.map(([column]) => column)]),
  rows: (rows) => csv(rows.map((row) => columns.map(([, value]) => cell(value(row))))),
  foot: () => "",
});

/** One JSON object, with the rows in a list of this name. */
export const jsonFile = <Row>(name: string, list: string, columns: Columns<Row>): ExportFile<Row> => ({
  contentType: "application/json",
  name: `${name}.json`,
  head: `{"${list}":[`,
  rows: (rows, before) => (before > 0 ? ",\n" : "\n") + rows.map((row) => recordOf(columns, row)).join(",\n"),
  foot: (count, now) => `\n],"count":${count},"exported_at":"${isoTime(now)}"}\n`,
});

/** A line of JSON for each row. */
export const jsonLinesFile = <Row>(name: string, columns: Columns<Row>): ExportFile<Row> => ({
  contentType: "application/jsonl",
  name: `${name}.jsonl`,
  head: "",
  rows: (rows) => rows.map((row) => `${recordOf(columns, row)}\n`).join(""),
  foot: () => "",
});
