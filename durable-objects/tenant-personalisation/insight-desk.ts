import { z } from "zod";
import type { Purpose } from "#src/kernel/personalisation-words.ts";
import type { Insights } from "#src/objects/insights-contract.ts";
import { countedInsights, forbiddenKind, type Mark } from "#src/personalisation/index.ts";
import type { ConsentStore } from "./consent-store.ts";
import type { InterestSource } from "./context-desk.ts";
import type { CountOutbox } from "./count-outbox.ts";
import type { Keeper } from "./keeper.ts";
import type { ProfileDesk } from "./profile-desk.ts";

interface Parts {
  sql: SqlStorage;
  consents: ConsentStore;
  profiles: ProfileDesk;
  counts: CountOutbox;
}

/** So many readings of a person are kept: the newest. */
const kept = 50;

/** How sure a model is that reads it between the lines. */
const confidence = 0.6;

const topicsSchema = z.array(z.string());

type InsightRow = {
  id: string;
  conversation_id: string;
  sentiment: number;
  language: string | null;
  topics: string;
  summary: string | null;
  at: number;
};

/** Keeps what was read out of what persons have said, of those who agree to that. */
export class InsightDesk implements Keeper, InterestSource {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  note(read: Insights, now: number): { accepted: boolean } {
    const { sql, consents, profiles, counts } = this.#parts;
    const { personId, id, conversationId, messageId, sentiment, language } = read;
    if (!consents.isGranted(personId, "insights")) return { accepted: false };
    const topics = read.topics.map((topic) => topic.toLowerCase()).filter(isKept);
    const summary = isKept(read.summary) && read.summary !== "" ? read.summary : null;
    const { rowsWritten } = sql.exec(
      `INSERT INTO insights (person_id, id, conversation_id, sentiment, language, topics, summary, at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (person_id, id) DO NOTHING`,
      personId,
      id,
      conversationId,
      sentiment,
      language,
      JSON.stringify(topics),
      summary,
      now,
    );
    if (rowsWritten === 0) return { accepted: true };
    sql.exec(
      `DELETE FROM insights WHERE person_id = ? AND id IN (
         SELECT id FROM insights WHERE person_id = ? ORDER BY id DESC LIMIT -1 OFFSET ?)`,
      personId,
      personId,
      kept,
    );
    counts.put(countedInsights({ ...read, topics }, now));
    const facts = read.facts.map((text, index) => ({
      ...{ id: `${id}.${index}`, text, conversationId, messageId, confidence },
    }));
    profiles.learn({ personId, facts }, now);
    return { accepted: true };
  }

  /** What the person is about, as the newest reading has it that says something. */
  summaryOf(personId: string): string | null {
    const [row] = this.#parts.sql
      .exec<{ summary: string }>(
        "SELECT summary FROM insights WHERE person_id = ? AND summary IS NOT NULL ORDER BY id DESC LIMIT 1",
        personId,
      )
      .toArray();
    return row?.summary ?? null;
  }

  marksOf(personId: string): readonly Mark[] {
    return this.#rows(personId).flatMap(({ topics, at }) => topics.map((topic) => ({ topic, at })));
  }

  dataOf(personId: string): Record<string, unknown> {
    return { insights: this.#rows(personId) };
  }

  withdraw(personId: string, purpose: Purpose): void {
    if (purpose === "insights") this.erase(personId);
  }

  erase(personId: string): void {
    this.#parts.sql.exec("DELETE FROM insights WHERE person_id = ?", personId);
  }

  #rows(personId: string) {
    return this.#parts.sql
      .exec<InsightRow>(
        "SELECT id, conversation_id, sentiment, language, topics, summary, at FROM insights WHERE person_id = ? ORDER BY id",
        personId,
      )
      .toArray()
      .map(({ topics, ...row }) => ({ ...row, topics: topicsSchema.parse(JSON.parse(topics)) }));
  }
}

const isKept = (text: string): boolean => forbiddenKind(text) === undefined;
