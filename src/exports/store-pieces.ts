/** Parts of a file that is longer than one, in bytes: all but the last have this length, as R2 wants it. */
const partBytes = 8 * 1024 * 1024;

type Blobs = Pick<R2Bucket, "put" | "createMultipartUpload">;

/**
 * Stores a file while it is written, at most one part of it in memory. Nothing is there before all of it is.
 * @param isWhole asked at its end: what is not whole is not kept
 * @returns whether it was kept
 */
export async function storePieces(
  blobs: Blobs,
  key: string,
  pieces: AsyncIterable<Uint8Array>,
  isWhole: () => boolean,
): Promise<boolean> {
  const part = new Part();
  let upload: R2MultipartUpload | undefined;
  const uploaded: R2UploadedPart[] = [];
  try {
    for await (const piece of pieces) {
      for (let rest = part.take(piece); part.isFull; rest = part.take(rest)) {
        upload ??= await blobs.createMultipartUpload(key);
        uploaded.push(await upload.uploadPart(uploaded.length + 1, part.empty()));
      }
    }
    if (!isWhole()) {
      await upload?.abort();
      return false;
    }
    if (upload) {
      if (part.length > 0) uploaded.push(await upload.uploadPart(uploaded.length + 1, part.empty()));
      await upload.complete(uploaded);
    } else await blobs.put(key, part.empty());
    return true;
  } catch (error) {
    await upload?.abort();
    throw error;
  }
}

/** Bytes until they are a part. */
class Part {
  #chunks: Uint8Array[] = [];
  length = 0;

  get isFull(): boolean {
    return this.length === partBytes;
  }

  /** Takes what fits. @returns the rest */
  take(piece: Uint8Array): Uint8Array {
    const fitting = piece.subarray(0, partBytes - this.length);
    if (fitting.length > 0) this.#chunks.push(fitting);
    this.length += fitting.length;
    return piece.subarray(fitting.length);
  }

  /** All of it at once; begins anew. */
  empty(): Uint8Array {
    const bytes = new Uint8Array(this.length);
    let at = 0;
    for (const chunk of this.#chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    this.#chunks = [];
    this.length = 0;
    return bytes;
  }
}
