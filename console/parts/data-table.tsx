import type { ReactNode } from "react";
import { moveAmongRows } from "./list-keys.ts";
import { Scroller } from "./scroller.tsx";
import { SelectBox, SelectHeading, selectByKey } from "./select-box.tsx";
import type { Selection } from "./selection.ts";

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
  /** Rows that are selected, where any can be; `nameOf` says which one a box is for. */
  selection?: Selection | undefined;
  nameOf?: ((row: T) => string) | undefined;
}

const classOf = ({ isNumber, text }: Pick<Column<never>, "isNumber" | "text">): string | undefined =>
  isNumber ? "num" : text;

/** Things as a table, which `j` and `k` walk; the first column names each. */
export function DataTable<T>({
  caption,
  rows,
  keyOf,
  columns,
  isSmall = false,
  selection,
  nameOf = keyOf,
}: DataTableProps<T>) {
  return (
    <Scroller label={caption}>
      <table
        className={isSmall ? "list small" : "list"}
        onKeyDown={(event) => {
          moveAmongRows(event);
          if (selection) selectByKey(event, selection);
        }}
      >
        <caption className="sr">{caption}</caption>
        <thead>
          <tr>
            {selection && <SelectHeading />}
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
              {selection && <SelectBox id={keyOf(row)} name={nameOf(row)} selection={selection} />}
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
