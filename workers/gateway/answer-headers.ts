/** What every answer tells browsers of hono's `secureHeaders()`; a test holds them to it. */
const always = [
  ["Cross-Origin-Resource-Policy", "same-origin"],
  ["Cross-Origin-Opener-Policy", "same-origin"],
  ["Referrer-Policy", "no-referrer"],
  ["Strict-Transport-Security", "max-age=15552000; includeSubDomains"],
  ["X-Content-Type-Options", "nosniff"],
  ["X-Frame-Options", "SAMEORIGIN"],
] as const;

/**
 * The rest of it, for pages, scripts and files: JSON is neither a document with links and an agent of its own nor read by
 * the plugins and filters of older browsers, and each header of an answer costs its making and its way.
 */
const ofDocuments = [
  ["Origin-Agent-Cluster", "?1"],
  ["X-DNS-Prefetch-Control", "off"],
  ["X-Download-Options", "noopen"],
  ["X-Permitted-Cross-Domain-Policies", "none"],
  ["X-XSS-Protection", "0"],
] as const;

const ofJson = new Headers(always.map(([name, value]) => [name, value]));
ofJson.set("Content-Type", "application/json");

/** An answer of JSON text with the headers of every answer: copied all at once, which costs half of setting each. */
export const jsonAnswer = (text: string, status: number): Response =>
  new Response(text, { status, headers: ofJson });

/** Gives an answer what every answer has, if it was made without. */
export function addHeaders({ headers }: Response): void {
  if (headers.has("Strict-Transport-Security")) return;
  for (const [name, value] of always) headers.set(name, value);
  if (headers.get("Content-Type")?.startsWith("application/json")) return;
  for (const [name, value] of ofDocuments) headers.set(name, value);
}
