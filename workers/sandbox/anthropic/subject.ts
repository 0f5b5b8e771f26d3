import { cutText } from "#src/text/cut-text.ts";

const named =
  /<data(?:-\d+)? name="(?:topic|subject|query|decision|proposal|scenario|question|brief_context|content_to_review)">\s*(?:# )?([^\n]{2,200})/;
const about = /\babout\s+([^".,;:\n<#]{2,80})/i;
const topic = /\btopic"?:\s*"?([^".\n<]{2,80})/i;

const tidy = (text: string): string =>
  text
    .replaceAll(/[#"{}[\]]/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();

/** What a prompt is about: as its instruction says, else as its data is named, else its first words. */
export function subjectOf(prompt: string): string {
  const instruction = prompt.split(/<\/data(?:-\d+)?>/).at(-1) ?? prompt;
  const [, found] =
    about.exec(instruction) ??
    topic.exec(instruction) ??
    about.exec(named.exec(prompt)?.[1] ?? "") ??
    named.exec(prompt) ??
    topic.exec(prompt) ??
    about.exec(prompt) ??
    [];
  const words = instruction
    .replaceAll(/<[^>]+>/g, " ")
    .split(/\s+/)
    .filter(Boolean);
  return cutText(tidy(found ?? words.slice(0, 8).join(" ")), 80) || "the matter at hand";
}
