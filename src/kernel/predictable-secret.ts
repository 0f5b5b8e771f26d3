const minDifferent = 8;

/** Secrets from documents, examples and tests: long enough, but known to everybody. */
const knownDefault =
  /change.?me|change.?this|your.{0,12}(?:secret|key)|test.signing.key|super.?secret|placeholder|example/i;

/** What fingers and counters do, forwards and backwards. */
const sequences = ["0123456789abcdefghijklmnopqrstuvwxyz", "1234567890", "qwertyuiopasdfghjklzxcvbnm"];
const neighbours = new Set(
  [...sequences, ...sequences.map((text) => [...text].reverse().join(""))].flatMap((text) => pieces(text, 2)),
);

function pieces(text: string, length: number): string[] {
  return Array.from({ length: Math.max(0, text.length - length + 1) }, (_, at) =>
    text.slice(at, at + length),
  );
}

/** Whether most of a text is what it has said before: of a random one hardly three letters in a row come twice. */
function repeatsItself(text: string): boolean {
  const threes = pieces(text, 3);
  return new Set(threes).size < 0.6 * threes.length;
}

/** Whether most of a text counts up or down, or follows a keyboard's rows. */
function counts(text: string): boolean {
  const pairs = pieces(text.toLowerCase(), 2);
  return pairs.filter((pair) => neighbours.has(pair)).length > 0.6 * pairs.length;
}

/** Whether a text has hardly any different letters. */
export const isMonotonous = (text: string): boolean => new Set(text).size < minDifferent;

/** Whether somebody could guess a secret: it is known, repeats a pattern, or counts. */
export const isPredictable = (secret: string): boolean =>
  isMonotonous(secret) || knownDefault.test(secret) || repeatsItself(secret) || counts(secret);
