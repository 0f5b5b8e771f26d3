import { cutText } from "#src/text/cut-text.ts";

/** The tool by which the title of a conversation is handed in. */
export const titleTool = "name_conversation";

/** What a model calls a conversation: the beginning of what was asked, the same of the same. */
export function titleIn(prompt: string): Record<string, unknown> {
  const [, said = ""] = /<(?:data(?:-\d+)?) name="question">\n([\s\S]*?)\n<\/data/.exec(prompt) ?? [];
  const [words = ""] = said.split(/[.!?\n]/u);
  return { title: cutText(words.trim(), 60) || "A conversation" };
}
