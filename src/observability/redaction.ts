import { errorFields, type LogFields } from "./logger.ts";

/** Stands for a word that is not ours to log. */
const mark = "[…]";

const wordPattern = /[\p{L}\p{N}\p{M}]+/gu;

/** Longer than the words of any message; a key, a digest, encoded data. */
const maxWord = 20;
/** Enough of a secret in one piece to be worth something. */
const tellingPiece = 4;

/** Whether a word may be one of a provider's own: they write English and plain numbers. */
const isPlain = (word: string): boolean =>
  word.length <= maxWord && (/^[A-Za-z]+$/.test(word) || /^\d{1,6}$/.test(word));

const wordsOf = (text: string): string[] => (text.match(wordPattern) ?? []).map((word) => word.toLowerCase());

/** The texts in a value, names of fields included. */
function* textsIn(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  else if (typeof value === "number" || typeof value === "bigint") yield String(value);
  else if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      yield key;
      yield* textsIn(inner);
    }
  }
}

interface NotToBeTold {
  /** The run's own: what a provider may echo. */
  data?: readonly unknown[];
  /** Known keys. */
  secrets?: readonly string[];
}

/**
 * Words of somebody else's as they may be logged: what looks like no plain word, and
 * every word that is also in the given data or part of a secret, is taken out.
 */
export function redacted(text: string, { data = [], secrets = [] }: NotToBeTold): string {
  const own = new Set<string>();
  for (const part of textsIn(data)) for (const word of wordsOf(part)) own.add(word);
  const keys = secrets.map((secret) => secret.toLowerCase());
  const isOfSecret = (word: string) =>
    word.length >= tellingPiece && keys.some((key) => key.includes(word) || word.includes(key));
  return text.replaceAll(wordPattern, (found) => {
    const word = found.toLowerCase();
    return isPlain(found) && !own.has(word) && !isOfSecret(word) ? found : mark;
  });
}

/** What is worth logging of an error that may be made of somebody else's words, or of the run's. */
export function redactedErrorFields(error: unknown, notToBeTold: NotToBeTold): LogFields {
  const { error_name, error_message, stack } = errorFields(error);
  // A stack begins with the message.
  const frames = String(stack ?? "")
    .split("\n")
    .filter((line) => /^\s+at /.test(line));
  return {
    error_name,
    error_message: redacted(String(error_message), notToBeTold),
    ...(frames.length > 0 ? { stack: frames.join("\n") } : {}),
  };
}
