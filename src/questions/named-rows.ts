import { namesOfThings } from "#src/commerce/index.ts";
import type { Plan } from "#src/kernel/questions/plan.ts";
import { datasetOf, type NamedKind } from "#src/kernel/questions/vocabulary.ts";
import { namesOfInstances } from "#src/personas/index.ts";
import type { Platform } from "#src/platform.ts";
import type { ToldRow } from "./fold-rows.ts";

/** Rows with what things are called in the place of their ids. */
export async function namedRows(
  { db, commerce }: Pick<Platform, "db" | "commerce">,
  clientId: string,
  { dataset, dimensions }: Plan,
  rows: readonly ToldRow[],
): Promise<ToldRow[]> {
  const { fields } = datasetOf(dataset);
  const namesOf = async (kind: NamedKind, ids: string[]): Promise<ReadonlyMap<string, string>> =>
    kind === "persona"
      ? namesOfInstances(db, clientId, ids)
      : new Map(
          (await namesOfThings(commerce.db, clientId, kind, ids)).map(({ id, name }): [string, string] => [
            id,
            name,
          ]),
        );
  const columns = await Promise.all(
    dimensions.map(async (dimension, at) => {
      const cells = rows.map(({ keys }) => keys[at] ?? null);
      const kind = fields[dimension]?.of;
      if (!kind) return cells;
      const names = await namesOf(
        kind,
        cells.flatMap((cell) => (typeof cell === "string" ? cell : [])),
      );
      return cells.map((cell) => (typeof cell === "string" ? (names.get(cell) ?? cell) : cell));
    }),
  );
  return rows.map((row, at) => ({ ...row, keys: columns.map((cells) => cells[at] ?? null) }));
}
