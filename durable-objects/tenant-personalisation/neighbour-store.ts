import { NeighbourList, PersonMemory } from "#src/recommendations/index.ts";

/** Where what was learnt stands: on one side while the other is built anew. */
export const sides = ["a", "b"] as const;
export type Side = (typeof sides)[number];

export const otherSide = (side: Side): Side => (side === "a" ? "b" : "a");

/** What is counted of an item; `likes` is a sum of weights. */
export type ItemFigures = { likes: number; views: number; clicks: number };

export const noFigures: ItemFigures = { likes: 0, views: 0, clicks: 0 };

/** Figures of persons on a side, or of nobody in particular. */
type FiguresOf = Side | "nobody";

/** Somebody, with how many interactions of theirs are kept. */
export interface KnownPerson {
  memory: PersonMemory;
  kept: number;
}

type Packed = ArrayBuffer | null;
type PersonRow = { liked: Packed; seen: Packed; filter: Packed; kept: number };

/** Rows that are deleted at a time. */
const deletedAtOnce = 500;

const learnt = ["lists", "figures", "persons"] as const;

/** What was learnt from interactions: lists of neighbours, figures of items, what persons like and have seen. */
export class NeighbourStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  list(side: Side, number: number): NeighbourList | undefined {
    const [row] = this.#sql
      .exec<{ neighbours: ArrayBuffer }>(`SELECT neighbours FROM lists_${side} WHERE number = ?`, number)
      .toArray();
    return row && new NeighbourList(row.neighbours);
  }

  writeList(side: Side, number: number, list: NeighbourList): void {
    this.#sql.exec(
      `INSERT INTO lists_${side} (number, neighbours) VALUES (?, ?)
       ON CONFLICT (number) DO UPDATE SET neighbours = excluded.neighbours`,
      number,
      list.packed(),
    );
  }

  person(side: Side, personId: string): KnownPerson | undefined {
    const [row] = this.#sql
      .exec<PersonRow>(`SELECT liked, seen, filter, kept FROM persons_${side} WHERE person_id = ?`, personId)
      .toArray();
    return row && { memory: memoryOf(row), kept: row.kept };
  }

  writePerson(side: Side, personId: string, { memory, kept }: KnownPerson): void {
    const { liked, seen, filter } = memory.packed();
    this.#sql.exec(
      `INSERT INTO persons_${side} (person_id, liked, seen, filter, kept) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (person_id) DO UPDATE SET
         liked = excluded.liked, seen = excluded.seen, filter = excluded.filter, kept = excluded.kept`,
      personId,
      orNull(liked),
      orNull(seen),
      orNull(filter),
      kept,
    );
  }

  /** Lets go of a person; what was learnt from them is in the lists until they are built anew. */
  erasePerson(personId: string): void {
    for (const side of sides) this.#sql.exec(`DELETE FROM persons_${side} WHERE person_id = ?`, personId);
  }

  figures(of: FiguresOf, number: number): ItemFigures {
    const [row] = this.#sql
      .exec<ItemFigures>(`SELECT likes, views, clicks FROM figures_${of} WHERE number = ?`, number)
      .toArray();
    return row ?? noFigures;
  }

  allFigures(of: FiguresOf): Map<number, ItemFigures> {
    const rows = this.#sql.exec<ItemFigures & { number: number }>(
      `SELECT number, likes, views, clicks FROM figures_${of}`,
    );
    return new Map(rows.toArray().map(({ number, ...figures }) => [number, figures]));
  }

  writeFigures(of: FiguresOf, number: number, { likes, views, clicks }: ItemFigures): void {
    this.#sql.exec(
      `INSERT INTO figures_${of} (number, likes, views, clicks) VALUES (?, ?, ?, ?)
       ON CONFLICT (number) DO UPDATE SET
         likes = excluded.likes, views = excluded.views, clicks = excluded.clicks`,
      number,
      likes,
      views,
      clicks,
    );
  }

  /** Lets go of what was learnt of an item; in others' lists its number is left, which means nothing any more. */
  deleteItem(number: number): void {
    for (const side of sides) this.#sql.exec(`DELETE FROM lists_${side} WHERE number = ?`, number);
    for (const of of [...sides, "nobody"])
      this.#sql.exec(`DELETE FROM figures_${of} WHERE number = ?`, number);
  }

  /**
   * Deletes a part of what is on a side.
   * @returns whether nothing is left
   */
  emptyPart(side: Side): boolean {
    for (const table of learnt) {
      const { rowsWritten } = this.#sql.exec(
        `DELETE FROM ${table}_${side} WHERE rowid IN (SELECT rowid FROM ${table}_${side} LIMIT ?)`,
        deletedAtOnce,
      );
      if (rowsWritten > 0) return false;
    }
    return true;
  }
}

/** SQLite takes an empty blob for a null. */
const orNull = (blob: ArrayBuffer): Packed => (blob.byteLength === 0 ? null : blob);

const memoryOf = ({ liked, seen, filter }: PersonRow) => {
  const none = new ArrayBuffer(0);
  return new PersonMemory({ liked: liked ?? none, seen: seen ?? none, filter: filter ?? none });
};
