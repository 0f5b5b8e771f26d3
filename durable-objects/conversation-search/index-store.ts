import {
  excerptOf,
  isSpaceless,
  ownerToken,
  partsMatch,
  type SearchTerms,
  searchTerms,
  wordsMatch,
  wordsOf,
} from "#src/conversations/index.ts";
import {
  type FoundConversations,
  mostLookedAt,
  type SearchCopies,
  type SearchCopy,
  type SearchHit,
  type SearchQuery,
} from "#src/objects/conversation-search-api.ts";

type IndexedRow = {
  number: number;
  message_id: string;
  conversation_id: string;
  owner: string;
  seq: number;
  role: SearchHit["role"];
  text: string;
  revision: number;
};

/** Messages of one millisecond that have a place of their own. */
const perMillisecond = 1000;

/** Messages that are forgotten in one call: each is read with its text. */
const erasedAtOnce = 200;

const tables = ["words", "parts"] as const;

/** The index of a tenant's messages. */
export class IndexStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  put({ conversationId, ownerId, copies }: SearchCopies): void {
    if (this.#isErased(conversationId)) return;
    for (const copy of copies) this.#putOne(conversationId, ownerId, copy);
  }

  /**
   * Forgets a conversation for good, as many of its messages as one call takes. What was begun is not found any more, nor
   * taken.
   * @returns whether nothing of it is left
   */
  erase(conversationId: string, now: number): boolean {
    this.#sql.exec("INSERT OR IGNORE INTO erased (conversation_id, at) VALUES (?, ?)", conversationId, now);
    const rows = this.#sql
      .exec<IndexedRow>(
        "SELECT * FROM messages WHERE conversation_id = ? LIMIT ?",
        conversationId,
        erasedAtOnce,
      )
      .toArray();
    for (const row of rows) this.#remove(row);
    return rows.length < erasedAtOnce;
  }

  find({ q, ownerId, order, limit }: SearchQuery): SearchHit[] {
    const terms = searchTerms(q);
    return [...this.#rows(terms, ownerId, order, limit)].map((row) => ({
      conversationId: row.conversation_id,
      messageId: row.message_id,
      seq: row.seq,
      role: row.role,
      at: Math.floor(row.number / perMillisecond),
      ...excerptOf(row.text, terms),
    }));
  }

  conversationsWith(q: string): FoundConversations {
    const terms = searchTerms(q);
    const ids = new Set<string>();
    let looked = 0;
    if (terms.words.length + terms.parts.length > 0)
      for (const row of this.#candidates(terms, undefined)) {
        looked += 1;
        if (holdsAll(row, terms)) ids.add(row.conversation_id);
      }
    return { ids: [...ids], isLowerBound: looked === mostLookedAt };
  }

  /** Rows as they are read: there may be many, each with its text. */
  #rows(
    terms: SearchTerms,
    ownerId: string | undefined,
    order: SearchQuery["order"],
    limit: number,
  ): Iterable<IndexedRow> {
    if (terms.parts.length > 0) return this.#withParts(terms, ownerId, limit);
    const match = wordsMatch(terms, ownerId);
    if (match === undefined) return [];
    if (order === "newest") return this.#matching("words", match, limit);
    return this.#sql.exec<IndexedRow>(
      `SELECT messages.* FROM words JOIN messages ON messages.number = words.rowid
       WHERE words MATCH ? AND words.rowid >= (
         SELECT min(number) FROM (SELECT rowid AS number FROM words WHERE words MATCH ? ORDER BY rowid DESC LIMIT ?))
       ORDER BY words.rank LIMIT ?`,
      match,
      match,
      mostLookedAt,
      limit,
    );
  }

  /** Those that hold all that is looked for, of the newest that have what an index can find. */
  *#withParts(terms: SearchTerms, ownerId: string | undefined, limit: number): Generator<IndexedRow> {
    let found = 0;
    for (const row of this.#candidates(terms, ownerId)) {
      if (!holdsAll(row, terms)) continue;
      yield row;
      found += 1;
      if (found === limit) return;
    }
  }

  #candidates(terms: SearchTerms, ownerId: string | undefined): Iterable<IndexedRow> {
    const parts = partsMatch(terms, ownerId);
    if (parts !== undefined) return this.#matching("parts", parts, mostLookedAt);
    const words = wordsMatch(terms, ownerId);
    return words === undefined ? this.#newest(ownerId) : this.#matching("words", words, mostLookedAt);
  }

  #matching(table: (typeof tables)[number], match: string, limit: number): Iterable<IndexedRow> {
    return this.#sql.exec<IndexedRow>(
      `SELECT messages.* FROM ${table} JOIN messages ON messages.number = ${table}.rowid
       WHERE ${table} MATCH ? ORDER BY ${table}.rowid DESC LIMIT ?`,
      match,
      limit,
    );
  }

  #newest(ownerId: string | undefined): Iterable<IndexedRow> {
    const [condition, values] = ownerId === undefined ? ["", []] : ["WHERE owner_id = ?", [ownerId]];
    return this.#sql.exec<IndexedRow>(
      `SELECT * FROM messages ${condition} ORDER BY number DESC LIMIT ?`,
      ...values,
      mostLookedAt,
    );
  }

  #putOne(
    conversationId: string,
    ownerId: string,
    { messageId, seq, role, text, at, revision }: SearchCopy,
  ): void {
    const [known] = this.#sql
      .exec<IndexedRow>("SELECT * FROM messages WHERE message_id = ?", messageId)
      .toArray();
    if (known && known.revision >= revision) return;
    if (known) this.#remove(known);
    // An empty one stays as a row, so that an older copy of it that comes late does nothing.
    const number = known?.number ?? this.#freeNumber(at);
    const owner = ownerToken(ownerId);
    this.#sql.exec(
      `INSERT INTO messages (number, message_id, conversation_id, owner_id, owner, seq, role, text, revision)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      number,
      messageId,
      conversationId,
      ownerId,
      owner,
      seq,
      role,
      text,
      revision,
    );
    for (const [table, indexed] of indexedOf(text))
      this.#sql.exec(`INSERT INTO ${table} (rowid, text, owner) VALUES (?, ?, ?)`, number, indexed, owner);
  }

  #remove({ number, text, owner }: IndexedRow): void {
    for (const [table, indexed] of indexedOf(text))
      this.#sql.exec(
        `INSERT INTO ${table} (${table}, rowid, text, owner) VALUES ('delete', ?, ?, ?)`,
        number,
        indexed,
        owner,
      );
    this.#sql.exec("DELETE FROM messages WHERE number = ?", number);
  }

  /** The first place from a time on that nothing has. */
  #freeNumber(at: number): number {
    for (let number = at * perMillisecond; ; number++)
      if (this.#sql.exec("SELECT 1 FROM messages WHERE number = ?", number).toArray().length === 0)
        return number;
  }

  #isErased(conversationId: string): boolean {
    return (
      this.#sql.exec("SELECT 1 FROM erased WHERE conversation_id = ?", conversationId).toArray().length > 0
    );
  }
}

/** Whether a message that an index has found holds all that is looked for: of parts, the index knows the long ones only. */
function holdsAll({ text }: IndexedRow, { words, parts }: SearchTerms): boolean {
  if (parts.length === 0) return true;
  const held = text.normalize("NFC").toLowerCase();
  return [...words, ...parts].every((term) => held.includes(term.toLowerCase()));
}

/** Which indexes a text stands in, and as what. */
function indexedOf(text: string): (readonly [table: (typeof tables)[number], indexed: string])[] {
  if (text === "") return [];
  const words = ["words", wordsOf(text)] as const;
  return isSpaceless(text) ? [words, ["parts", text]] : [words];
}
