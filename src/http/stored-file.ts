import { AppError } from "#src/kernel/app-error.ts";
import { parseByteRange } from "./byte-range.ts";
import { namesTag } from "./entity-tag.ts";

/** A file as it was found, to be handed on whole or in part. */
export interface StoredFile {
  type: string;
  /** In quotes, as it is sent. */
  etag: string;
  /** In bytes. */
  size: number;
  /** Left out where nobody is told. */
  uploaded?: Date;
  /** What its answer says besides, or in place of what is usual. */
  headers?: Record<string, string>;
  /** What is in it, or in a part of it; undefined when it is there no more. */
  read(part?: { offset: number; length: number }): Promise<ReadableStream | undefined>;
}

/** Headers of a request that say how much of a file is wanted. */
interface Wanted {
  ifNoneMatch: string | undefined;
  range: string | undefined;
  ifRange: string | undefined;
}

/**
 * The answer with a file that never changes: whole, in part, or not at all to who has it (RFC 9110, 13 and 14).
 * @throws AppError `RANGE_NOT_SATISFIABLE`; `NOT_FOUND` when it is there no more
 */
export async function fileResponse(
  file: StoredFile,
  { ifNoneMatch = "", range, ifRange }: Wanted,
): Promise<Response> {
  const { type, etag, size, uploaded } = file;
  const headers = new Headers({
    "content-type": type,
    etag,
    // It is written once: the address never means another one.
    "cache-control": "private, max-age=31536000, immutable",
    "accept-ranges": "bytes",
    ...(uploaded && { "last-modified": uploaded.toUTCString() }),
    ...file.headers,
  });
  if (namesTag(ifNoneMatch, etag)) return new Response(null, { status: 304, headers });
  const part = ifRange === undefined || ifRange === etag ? parseByteRange(range, size) : undefined;
  if (part === "unsatisfiable")
    throw new AppError("RANGE_NOT_SATISFIABLE", { headers: { "Content-Range": `bytes */${size}` } });
  const body = await file.read(part);
  if (!body) throw new AppError("NOT_FOUND");
  headers.set("content-length", String(part?.length ?? size));
  if (part === undefined) return new Response(body, { headers });
  headers.set("content-range", `bytes ${part.offset}-${part.offset + part.length - 1}/${size}`);
  return new Response(body, { status: 206, headers });
}
