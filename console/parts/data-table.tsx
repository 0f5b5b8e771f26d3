import type { ReactNode } from "react";
import { moveAmongRows } from "./list-keys.ts";
import { Scroller } from "./scroller.tsx";

export interface Column<T> {
  /** The heading; one that only says what buttons are for is read out, and not shown. */
  name: string;
  isHidden?: boolean;
  isNumber?: boolean;
  /** Cut where it is long, or broken into lines. */
  text?: "cut" | "wrap";
  cell: (row: T) => ReactNode;
}

interface DataTableProps<T> {
  caption: string;
  rows: readonly T[];
  keyOf: (row: T) => string;
  columns: readonly Column<T>[];
  isSmall?: boolean;
}

const classOf = ({ isNumber, text }: Pick<Column<never>, "isNumber" | "text">): string | undefined =>
  isNumber ? "num" : text;

/** Things as a table, which `j` and `k` walk; the first column names each. */
export function DataTable<T>({ caption, rows, keyOf, columns, isSmall = false }: DataTableProps<T>) {
  return (
    <Scroller label={caption}>
      <table className={isSmall ? "list small" : "list"} onKeyDown={moveAmongRows}>
        <caption className="sr">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ name, isHidden, isNumber }) => (
              <th key={name} scope="col" className={isNumber ? "num" : undefined}>
                {isHidden ? <span className="sr">{name}</span> : name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((column, place) =>
                place === 0 ? (
                  <th key={column.name} scope="row" className={classOf(column)}>
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.name} className={classOf(column)}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}
