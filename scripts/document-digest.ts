/** SHA-256 of an OpenAPI document's text, in hex; tells whether the generated types are current. */
export async function documentDigest(document: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(document));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
