import { ExpressionBudget } from "#src/engine/expressions/expression-budget.ts";
import { contextOf, liquid, loopDepth } from "#src/engine/expressions/template-engine.ts";
import { cutText } from "#src/text/cut-text.ts";
import { wellFormed } from "#src/text/well-formed.ts";

/** Somebody as a reply may name them; empty texts where they have not said. */
interface Named {
  name: string;
  first_name: string;
  last_name: string;
}

/** What a reply is made with: to whom, by whom, and in which conversation. */
export interface ReplyData {
  user: Named;
  agent: Named;
  conversation: { id: string; title: string };
}

/** Somebody by their two names. */
export const named = (first?: string | null, last?: string | null): Named => ({
  name: `${first ?? ""} ${last ?? ""}`.trim(),
  first_name: first ?? "",
  last_name: last ?? "",
});

const sample: ReplyData = {
  user: named("Ada", "Lovelace"),
  agent: named("Grace", "Hopper"),
  conversation: { id: "00000000-0000-7000-8000-000000000000", title: "About tea" },
};

/** The text of a reply. @throws where the template names what there is not, or takes too long */
export const renderReply = (template: string, data: ReplyData): string =>
  wellFormed(liquid.parseAndRenderSync(template, contextOf(data, new ExpressionBudget())));

/** Why a template makes no reply; undefined for one that does. */
export function replyProblem(template: string): string | undefined {
  try {
    if (loopDepth(liquid.parse(template)) > 1) return "Loops may not be nested";
    renderReply(template, sample);
    return undefined;
  } catch (error) {
    return error instanceof Error ? cutText(error.message, 300) : "Not a template";
  }
}
