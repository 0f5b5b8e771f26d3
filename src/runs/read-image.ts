import { parseByteRange } from "#src/http/byte-range.ts";
import { type Account, hasRole } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";

export interface ImageRequest {
  clientId: string;
  runId: string;
  file: string;
  /** `If-None-Match`, `Range` and `If-Range` of the request. */
  ifNoneMatch: string | undefined;
  range: string | undefined;
  ifRange: string | undefined;
}

/** Types an image may have; anything else in the store is served as no image. */
const imageTypes = ["image/png", "image/jpeg", "image/webp"];

const matches = (header: string | undefined, etag: string): boolean =>
  header !== undefined &&
  (header.trim() === "*" || header.split(",").some((entry) => entry.trim().replace(/^W\//, "") === etag));

/**
 * An image made by a run, whole or in part, from R2; `images/{client_id}/{run}/{file}`.
 * @throws AppError `NOT_FOUND` for what is not the caller's; `RANGE_NOT_SATISFIABLE`
 */
export async function readImage(
  blobs: R2Bucket,
  actor: Account,
  { clientId, runId, file, ifNoneMatch, range, ifRange }: ImageRequest,
): Promise<Response> {
  if (clientId !== actor.clientId) throw new AppError("NOT_FOUND");
  const key = `images/${clientId}/${runId}/${file}`;
  const head = await blobs.head(key);
  const isOwn = head?.customMetadata?.user_id === actor.userId || hasRole(actor, "admin");
  const type = head?.httpMetadata?.contentType ?? "image/png";
  if (!head || !isOwn || !imageTypes.includes(type)) throw new AppError("NOT_FOUND");
  const headers = new Headers({
    "content-type": type,
    etag: head.httpEtag,
    // A task writes its image once: the address never means another picture.
    "cache-control": "private, max-age=31536000, immutable",
    "accept-ranges": "bytes",
    "last-modified": head.uploaded.toUTCString(),
  });
  if (matches(ifNoneMatch, head.httpEtag)) return new Response(null, { status: 304, headers });
  const part =
    ifRange === undefined || ifRange === head.httpEtag ? parseByteRange(range, head.size) : undefined;
  if (part === "unsatisfiable") {
    throw new AppError("RANGE_NOT_SATISFIABLE", { headers: { "Content-Range": `bytes */${head.size}` } });
  }
  const found = await blobs.get(key, { onlyIf: { etagMatches: head.etag }, range: part });
  if (!found || !("body" in found)) throw new AppError("NOT_FOUND");
  headers.set("content-length", String(part?.length ?? head.size));
  if (part === undefined) return new Response(found.body, { headers });
  headers.set("content-range", `bytes ${part.offset}-${part.offset + part.length - 1}/${head.size}`);
  return new Response(found.body, { status: 206, headers });
}
