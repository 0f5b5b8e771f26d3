import { personaItemPrefixes } from "#src/objects/persona-items-api.ts";
import { type ItemContent, itemContentSchema, type StoredItem } from "#src/objects/recommendations-api.ts";

type ItemRow = { number: number; content: string; added_at: number; updated_at: number };

/** An item with its number, by which all that is learnt of it is kept. */
export interface NumberedItem extends StoredItem {
  number: number;
}

/** An item as others see it. */
export function storedOf({ number: _, ...stored }: NumberedItem): StoredItem {
  return stored;
}

const select = "SELECT number, content, added_at, updated_at FROM items";

/** The items of a tenant. A number is given once, and never to another item. */
export class ItemStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  *all(): Generator<NumberedItem> {
    for (const row of this.#sql.exec<ItemRow>(`${select} ORDER BY number`)) yield itemOf(row);
  }

  byId(id: string): NumberedItem | undefined {
    const [row] = this.#sql.exec<ItemRow>(`${select} WHERE id = ?`, id).toArray();
    return row && itemOf(row);
  }

  byNumber(number: number): NumberedItem | undefined {
    const [row] = this.#sql.exec<ItemRow>(`${select} WHERE number = ?`, number).toArray();
    return row && itemOf(row);
  }

  /** In the order of their ids. */
  page(after: string | null, limit: number): StoredItem[] {
    return this.#sql
      .exec<ItemRow>(`${select} WHERE id > ? ORDER BY id LIMIT ?`, after ?? "", limit)
      .toArray()
      .map((row) => storedOf(itemOf(row)));
  }

  /** The ids of personas among them. */
  personaIds(): string[] {
    return personaItemPrefixes.flatMap((prefix) =>
      this.#sql
        .exec<{ id: string }>("SELECT id FROM items WHERE id >= ? AND id < ?", prefix, `${prefix}~`)
        .toArray()
        .map(({ id }) => id),
    );
  }

  /** How many there are. */
  get count(): number {
    return this.#sql.exec<{ count: number }>("SELECT count(*) AS count FROM items").one().count;
  }

  insert(content: ItemContent, now: number): NumberedItem {
    const { number } = this.#sql
      .exec<{ number: number }>(
        "INSERT INTO items (id, content, added_at, updated_at) VALUES (?, ?, ?, ?) RETURNING number",
        content.id,
        JSON.stringify(content),
        now,
        now,
      )
      .one();
    return { ...content, number, addedAt: now, updatedAt: now };
  }

  update({ number, addedAt }: NumberedItem, content: ItemContent, now: number): NumberedItem {
    this.#sql.exec(
      "UPDATE items SET content = ?, updated_at = ? WHERE number = ?",
      JSON.stringify(content),
      now,
      number,
    );
    return { ...content, number, addedAt, updatedAt: now };
  }

  delete(number: number): void {
    this.#sql.exec("DELETE FROM items WHERE number = ?", number);
  }
}

const itemOf = ({ number, content, added_at: addedAt, updated_at: updatedAt }: ItemRow): NumberedItem => ({
  ...itemContentSchema.parse(JSON.parse(content)),
  number,
  addedAt,
  updatedAt,
});
