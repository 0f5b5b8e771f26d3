import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { pathChange, type TreeNode, upwards } from "#src/conversations/index.ts";
import type { MessageRole, MessageStatus } from "#src/kernel/chat-words.ts";
import type { AttachmentView } from "#src/objects/attachments-api.ts";
import type { MessagePage, MessageQuery, MessageView } from "#src/objects/conversation-api.ts";
import type { Feedback } from "#src/objects/conversation-staff-api.ts";
import type { Verdict } from "#src/objects/moderation-contract.ts";
import type { ConversationState } from "./conversation-state.ts";
import { type MessageRow, viewOf } from "./message-row.ts";

/** Corrected texts of a message that are kept. */
const maxEarlier = 20;

/** A page ends with the message that makes it longer than this, in UTF-16 units: one call passes no more than 32 MB. */
export const pageUnits = 4 * 1024 * 1024;

/** A message to be written; its place in the order, its time and its depth come of it. */
interface Unwritten {
  role: MessageRole;
  senderId: string;
  parentId: string | null;
  content: string;
  status: MessageStatus;
  wantsReply?: boolean;
  turnId?: string;
  attachments?: readonly AttachmentView[];
  /** The sender's own word for it, and a digest of what came with that. */
  client?: { id: string; digest: string };
}

/** What of an answer changes. */
type AnswerChange = Partial<Pick<MessageRow, "content" | "parts" | "status" | "model" | "usage" | "error">> &
  Pick<MessageRow, "turn_id">;

/** The messages, their order and their tree. */
export class MessageStore {
  readonly #sql: SqlStorage;
  readonly #state: ConversationState;

  constructor(sql: SqlStorage, state: ConversationState) {
    this.#sql = sql;
    this.#state = state;
  }

  /** Writes a message at the end of the active path, below its parent. */
  append(message: Unwritten, now: number): MessageView {
    const {
      role,
      senderId,
      parentId,
      content,
      status,
      wantsReply = false,
      turnId = null,
      attachments = [],
      client,
    } = message;
    const depth = parentId === null ? 0 : this.#place(parentId).depth + 1;
    const { seq, at } = this.#state.nextMessage(now);
    const id = uuidv7({ msecs: at });
    this.#sql.exec(
      `INSERT INTO messages (seq, id, client_message_id, digest, parent_id, depth, on_path, role, sender_id, content,
         attachments, status, wants_reply, turn_id, search_due, created_at, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      seq,
      id,
      client?.id ?? null,
      client?.digest ?? null,
      parentId,
      depth,
      role,
      senderId,
      content,
      attachments.length === 0 ? null : JSON.stringify(attachments),
      status,
      wantsReply ? 1 : 0,
      turnId,
      isFound(role) ? 1 : 0,
      at,
      at,
    );
    this.activate(id);
    return this.get(id);
  }

  /** Makes a message the end of the active path. */
  activate(leaf: string): void {
    const { off, on } = pathChange((id) => this.#place(id), this.#state.row.active_leaf, leaf);
    for (const [ids, onPath] of [
      [off, 0],
      [on, 1],
    ] as const)
      for (const id of ids) this.#sql.exec("UPDATE messages SET on_path = ? WHERE id = ?", onPath, id);
    this.#state.setLeaf(leaf);
  }

  find(id: string): MessageView | undefined {
    const [row] = this.#sql.exec<MessageRow>("SELECT * FROM messages WHERE id = ?", id).toArray();
    return row && viewOf(row);
  }

  /** @throws where it is not there */
  get(id: string): MessageView {
    return viewOf(this.#sql.exec<MessageRow>("SELECT * FROM messages WHERE id = ?", id).one());
  }

  /** What a sender has written under a word of theirs. */
  ofClient(
    senderId: string,
    clientMessageId: string,
  ): { message: MessageView; digest: string | null } | undefined {
    const [row] = this.#sql
      .exec<MessageRow>(
        "SELECT * FROM messages WHERE sender_id = ? AND client_message_id = ?",
        senderId,
        clientMessageId,
      )
      .toArray();
    return row && { message: viewOf(row), digest: row.digest };
  }

  hasChildren(id: string): boolean {
    return this.#sql.exec("SELECT 1 FROM messages WHERE parent_id = ? LIMIT 1", id).toArray().length > 0;
  }

  /** Changes an answer; what is not named stays, but for what went wrong with it before. */
  changeAnswer(
    id: string,
    { turn_id, content, parts, status, model, usage, error }: AnswerChange,
    now: number,
  ): MessageView {
    this.#sql.exec(
      `UPDATE messages SET turn_id = ?, content = coalesce(?, content), parts = ?, status = coalesce(?, status), model = ?,
         usage = ?, error = ?, search_due = search_due + 1, updated_at = max(created_at, ?) WHERE id = ?`,
      turn_id,
      content ?? null,
      parts ?? null,
      status ?? null,
      model ?? null,
      usage ?? null,
      error ?? null,
      now,
      id,
    );
    this.#state.touch();
    return this.get(id);
  }

  /** What was summarised, or is being summarised, with a message in it says what that said: it is summarised anew. */
  #forgetSummaries(id: string): void {
    const { seq } = this.#sql.exec<{ seq: number }>("SELECT seq FROM messages WHERE id = ?", id).one();
    this.#sql.exec("DELETE FROM summaries WHERE up_to_seq >= ?", seq);
    this.#sql.exec("DELETE FROM compactions WHERE up_to IN (SELECT id FROM messages WHERE seq >= ?)", seq);
  }

  /** Puts another text in the place of a message's; what stood there is kept, for staff. */
  correct(id: string, content: string, now: number): MessageView {
    const { earlier, content: before } = this.#sql
      .exec<MessageRow>("SELECT * FROM messages WHERE id = ?", id)
      .one();
    const texts = earlier === null ? [] : z.array(z.string()).parse(JSON.parse(earlier));
    this.#sql.exec(
      `UPDATE messages SET content = ?, earlier = ?, search_due = search_due + 1, edited_at = max(created_at, ?), updated_at = max(created_at, ?)
       WHERE id = ?`,
      content,
      JSON.stringify([...texts, before].slice(-maxEarlier)),
      now,
      now,
      id,
    );
    this.#forgetSummaries(id);
    this.#state.touch();
    return this.get(id);
  }

  /**
   * A rule has something against what it says now: one that is held wants no answer meanwhile, and no model reads it.
   * @returns whether it wanted one
   */
  withhold(id: string, action: Verdict["action"]): boolean {
    const query = "SELECT wants_reply FROM messages WHERE id = ?";
    const { wants_reply } = this.#sql.exec<Pick<MessageRow, "wants_reply">>(query, id).one();
    if (action === "hold") this.#sql.exec("UPDATE messages SET wants_reply = 0 WHERE id = ?", id);
    return wants_reply === 1;
  }

  /** Models read it from now on. */
  admit(id: string, wantsReply: boolean): void {
    this.#sql.exec("UPDATE messages SET wants_reply = ? WHERE id = ?", wantsReply ? 1 : 0, id);
    this.#forgetSummaries(id);
  }

  /** What its owner thinks of it; null for nothing. */
  rate(id: string, feedback: Feedback | null, now: number): MessageView {
    this.#sql.exec(
      "UPDATE messages SET feedback = ?, updated_at = max(created_at, ?) WHERE id = ?",
      feedback && JSON.stringify(feedback),
      now,
      id,
    );
    this.#state.touch();
    return this.get(id);
  }

  /** Empties a message and keeps its place. */
  empty(id: string, status: "deleted" | "hidden", now: number): MessageView {
    this.#sql.exec(
      `UPDATE messages SET content = '', parts = NULL, attachments = NULL, earlier = NULL, feedback = NULL,
         wants_reply = 0, status = ?, search_due = search_due + 1,
         updated_at = max(created_at, ?) WHERE id = ?`,
      status,
      now,
      id,
    );
    this.#forgetSummaries(id);
    this.#state.touch();
    return this.get(id);
  }

  /** Whether somebody of the staff has written since a message. */
  hasAgentSince(seq: number): boolean {
    return (
      this.#sql.exec("SELECT 1 FROM messages WHERE role = 'agent' AND seq > ? LIMIT 1", seq).toArray()
        .length > 0
    );
  }

  /** Whether a message that wants an answer came behind the last answer on the active path. */
  get isAnswerDue(): boolean {
    return (
      this.#sql
        .exec<{ wants_reply: number }>(
          `SELECT wants_reply FROM messages WHERE on_path = 1 AND (wants_reply = 1 OR role IN ('assistant', 'agent'))
           ORDER BY seq DESC LIMIT 1`,
        )
        .toArray()[0]?.wants_reply === 1
    );
  }

  /** The newest message of the active path that says something. */
  get lastSaid(): MessageView | undefined {
    const [row] = this.#sql
      .exec<MessageRow>(
        "SELECT * FROM messages WHERE on_path = 1 AND role <> 'system' AND content <> '' ORDER BY seq DESC LIMIT 1",
      )
      .toArray();
    return row && viewOf(row);
  }

  /** The person's first message on the active path. */
  get first(): MessageView {
    const query = "SELECT * FROM messages WHERE on_path = 1 AND role = 'user' ORDER BY seq LIMIT 1";
    return viewOf(this.#sql.exec<MessageRow>(query).one());
  }

  /** The path from a message up, as far as it is read. */
  upwards(leaf: string): Generator<TreeNode> {
    return upwards((id) => this.#place(id), leaf);
  }

  page({ after, before, limit, branch }: MessageQuery): MessagePage {
    const path = branch === "active" ? "on_path = 1 AND" : "";
    const found = this.#sql.exec<MessageRow>(
      after === undefined
        ? `SELECT * FROM messages WHERE ${path} seq < ? ORDER BY seq DESC LIMIT ?`
        : `SELECT * FROM messages WHERE ${path} seq > ? ORDER BY seq LIMIT ?`,
      after ?? before ?? Number.MAX_SAFE_INTEGER,
      limit + 1,
    );
    const messages: MessageView[] = [];
    let hasMore = false;
    let units = 0;
    for (const row of found) {
      hasMore = messages.length === limit || units >= pageUnits;
      if (hasMore) break;
      messages.push(viewOf(row));
      units += row.content.length + (row.parts?.length ?? 0);
    }
    if (after === undefined) messages.reverse();
    return { messages, lastSeq: this.#state.row.last_seq, hasMore };
  }

  #place(id: string): TreeNode {
    const { parent_id: parentId, depth } = this.#sql
      .exec<Pick<MessageRow, "parent_id" | "depth">>("SELECT parent_id, depth FROM messages WHERE id = ?", id)
      .one();
    return { id, parentId, depth };
  }
}

/** Whether search finds such messages: lines of the conversation itself say nothing. */
const isFound = (role: MessageRole): boolean => role !== "system";
