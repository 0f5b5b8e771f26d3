import { cutText } from "#src/text/cut-text.ts";

/** The tool by which what was read out of messages is handed in. */
export const insightsTool = "note_insights";

const pleased = /\b(?:thanks?|thank you|great|love|perfect|wonderful|happy|good|danke|super|toll|gut)\b/giu;
const displeased =
  /\b(?:terrible|awful|angry|hate|broken|useless|worst|bad|late|furchtbar|schlecht|kaputt)\b/giu;
const german = /\b(?:ich|nicht|und|der|die|das|ein|eine|mit|bitte)\b/giu;
const english = /\b(?:i|not|and|the|a|an|with|please|you|is)\b/giu;
const forPerson = /\b(?:human|real person|somebody real|mensch(?:en)?|mitarbeiter)\b/iu;
const ofThemselves = /\bI (?:am|live|work|like|prefer|have|drink) [^.!?\n<]{2,120}/gu;
const about = /\babout ([\p{L} ]{3,40}?)(?=[.,;:!?\n<]|$)/giu;
const longWord = /\b\p{L}{6,20}\b/gu;

const countOf = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

/** What a model reads out of messages, by the words in them: the same of the same. */
export function insightsIn(prompt: string): Record<string, unknown> {
  const [, said = prompt] = /<(?:data(?:-\d+)?) name="messages">\n([\s\S]*?)\n<\/data/.exec(prompt) ?? [];
  const [up, down] = [countOf(said, pleased), countOf(said, displeased)];
  const named = [...said.matchAll(about)].map(([, topic = ""]) => topic.trim().toLowerCase());
  const topics = named.length > 0 ? named : (said.match(longWord) ?? []).map((word) => word.toLowerCase());
  const distinct = [...new Set(topics)].slice(0, 3);
  return {
    sentiment: up + down === 0 ? 0 : (up - down) / (up + down),
    language: countOf(said, german) > countOf(said, english) ? "de" : "en",
    topics: distinct,
    wants_human: forPerson.test(said),
    summary: cutText(`They write about ${distinct[0] ?? "this and that"}.`, 500),
    facts: said.match(ofThemselves) ?? [],
  };
}
