import type { ReactNode } from "react";
import { type Column, DataTable } from "./data-table.tsx";
import { More } from "./more.tsx";
import { Empty, Loading, Problem } from "./page.tsx";
import type { Selection } from "./selection.ts";

export interface ListingProps<T> {
  /** What it is a list of: `users`. */
  what: string;
  list: {
    error: unknown;
    refetch: () => Promise<unknown>;
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    fetchNextPage: () => Promise<unknown>;
  };
  /** Undefined while they are on their way. */
  rows: readonly T[] | undefined;
  keyOf: (row: T) => string;
  columns: readonly Column<T>[];
  selection?: Selection;
  nameOf?: (row: T) => string;
  /** What belongs here, where there is nothing. */
  empty: { title: string; children?: ReactNode };
}

/** A list that is fetched by pages: on its way, failed, empty, or a table. */
export function Listing<T>({ what, list, rows, keyOf, columns, selection, nameOf, empty }: ListingProps<T>) {
  if (list.error && !rows) return <Problem error={list.error} retry={() => void list.refetch()} />;
  if (!rows) return <Loading what={what} rows={8} />;
  if (rows.length === 0) return <Empty title={empty.title}>{empty.children}</Empty>;
  return (
    <>
      <DataTable
        caption={what}
        rows={rows}
        keyOf={keyOf}
        columns={columns}
        selection={selection}
        nameOf={nameOf}
      />
      <More list={list} />
    </>
  );
}
