import { z } from "zod";
import { type Outcome, success } from "#src/kernel/outcome.ts";
import { compactionClosingSchema } from "#src/objects/compaction-contract.ts";
import type { ConversationApi } from "#src/objects/conversation-api.ts";
import { insightsClosingSchema } from "#src/objects/insights-contract.ts";
import { titleClosingSchema } from "#src/objects/title-contract.ts";
import {
  type Stale,
  type TurnClosing,
  turnDeltaSchema,
  turnToolsSchema,
} from "#src/objects/turn-contract.ts";
import type { assemble } from "./assemble.ts";
import type { Writing } from "./writing.ts";

/** How answers are written and end, and what is made of what was said behind them: summaries and readings, as they come from outside. */
export class Answering {
  readonly #parts: ReturnType<typeof assemble>;
  readonly #writing: Writing;

  constructor(parts: ReturnType<typeof assemble>, writing: Writing) {
    this.#parts = parts;
    this.#writing = writing;
  }

  write(given: unknown): { ok: true; have: number } | Stale {
    const delta = turnDeltaSchema.parse(given);
    return this.#writing.turn((now) => this.#parts.desk.write(delta, now));
  }

  noteTools(given: unknown): { ok: true } | Stale {
    const tools = turnToolsSchema.parse(given);
    return this.#writing.turn((now) => this.#parts.tools.note(tools, now));
  }

  closeTurn(closing: TurnClosing): { ok: true } | Stale {
    const { desk, compaction, insights, titles, live } = this.#parts;
    const { turnId, epoch, attempt, text } = closing;
    // Whoever hears it has all of the text before they hear that it is there.
    if (live.hasListeners)
      this.#writing.turn((now) => desk.write({ turnId, epoch, attempt, offset: 0, text }, now));
    return this.#writing.turn((now) => {
      const closed = compaction.closeTurn(closing, now);
      if (closed.ok) {
        insights.noteAnswer(now);
        titles.noteAnswer(now);
      }
      return closed;
    });
  }

  compact(): Outcome<{ compactionId: string | null }> {
    return this.#writing.change((now) =>
      success({ compactionId: this.#parts.compaction.begin(now) ?? null }),
    );
  }

  compactionContext(id: string): Awaited<ReturnType<ConversationApi["compactionContext"]>> {
    return this.#writing.turn(() => this.#parts.compaction.context(z.string().parse(id)));
  }

  closeCompaction(given: unknown): { ok: true } | Stale {
    const closing = compactionClosingSchema.parse(given);
    return this.#writing.turn((now) => this.#parts.compaction.close(closing, now));
  }

  insightsContext(id: string): Awaited<ReturnType<ConversationApi["insightsContext"]>> {
    return this.#writing.turn(() => this.#parts.insights.context(z.string().parse(id)));
  }

  closeInsights(given: unknown): { ok: true } | Stale {
    const closing = insightsClosingSchema.parse(given);
    return this.#writing.turn((now) => this.#parts.insights.close(closing, now));
  }

  titleContext(id: string): Awaited<ReturnType<ConversationApi["titleContext"]>> {
    return this.#writing.turn(() => this.#parts.titles.context(z.string().parse(id)));
  }

  closeTitle(given: unknown): { ok: true } | Stale {
    const closing = titleClosingSchema.parse(given);
    return this.#writing.turn((now) => this.#parts.titles.close(closing, now));
  }
}
