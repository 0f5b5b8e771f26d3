type Block = Record<string, unknown>;

/** A message of a request. */
interface Said {
  role: string;
  content: string | Block[];
}

/** How the bytes begin of what the real service reads, in Base64. */
const beginnings: Readonly<Record<string, readonly string[]>> = {
  "image/png": ["iVBORw0KGgo"],
  "image/jpeg": ["/9j/"],
  "image/gif": ["R0lGODdh", "R0lGODlh"],
  "image/webp": ["UklGR"],
  "application/pdf": ["JVBERi0"],
};

const kinds: Readonly<Record<string, RegExp>> = { image: /^image\//, document: /^application\/pdf$/ };

const isRecord = (value: unknown): value is Block =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const filesIn = ({ content }: Said): Block[] =>
  typeof content === "string"
    ? []
    : content.filter(({ type }) => typeof type === "string" && Object.hasOwn(kinds, type));

/** Why the real service would refuse pictures and documents: another type than their bytes, or who sends them. */
export function brokenFile(messages: readonly Said[]): string | undefined {
  for (const [index, message] of messages.entries())
    for (const { type, source } of filesIn(message)) {
      const { type: way, media_type: media, data } = isRecord(source) ? source : {};
      if (message.role !== "user")
        return `messages.${index}: \`${type}\` blocks are not allowed in assistant turns`;
      if (way !== "base64" || typeof media !== "string" || typeof data !== "string")
        return `messages.${index}: the source of a \`${type}\` block is missing`;
      if (!kinds[String(type)]?.test(media))
        return `messages.${index}: media_type ${media} is none of a \`${type}\``;
      if (!beginnings[media]?.some((beginning) => data.startsWith(beginning)))
        return `messages.${index}: the ${type} was specified using the ${media} media type, but does not appear to be one`;
    }
  return undefined;
}

/** What a model says of the pictures and documents that it was shown; nothing where there are none. */
export function seenIn(messages: readonly Said[]): string {
  const seen = messages
    .flatMap(filesIn)
    .map(({ source }) => (isRecord(source) ? String(source.media_type) : ""));
  return seen.length === 0 ? "" : `Seen here: ${seen.join(", ")}.`;
}
