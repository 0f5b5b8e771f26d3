/** An answer went past its limit; the rest of it was not read. */
export class AnswerTooLargeError extends Error {
  override readonly name = "AnswerTooLargeError";
}

/** Rejects as soon as the signal aborts, whether or not the work heeds it. */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort);
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** Passes bytes on until there are too many, or nobody waits for them any more. */
function bounded(
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
  signal: AbortSignal | undefined,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let bytes = 0;
  const source: UnderlyingSource<Uint8Array> = {
    async pull(controller) {
      try {
        const { done, value } = await (signal ? untilAborted(reader.read(), signal) : reader.read());
        if (done) return controller.close();
        bytes += value.byteLength;
        if (bytes > maxBytes) throw new AnswerTooLargeError(`More than ${maxBytes} bytes`);
        controller.enqueue(value);
      } catch (error) {
        controller.error(error);
        // A body that hangs may hang on being cancelled too.
        reader.cancel(error).catch(() => undefined);
      }
    },
    cancel(reason) {
      // Nobody waits for a body that hangs on being cancelled.
      reader.cancel(reason).catch(() => undefined);
    },
  };
  // Only what is asked for is read on: an error would take away what has been read and not been used.
  return new ReadableStream(source, { highWaterMark: 0 });
}

/**
 * A `fetch` that follows no redirect (a key must not travel on to wherever a
 * provider points), reads at most `maxBytes` of an answer, and ends with its
 * signal even where the server has stopped in mid-answer.
 */
export const boundedFetch =
  (fetch: typeof globalThis.fetch, maxBytes: number): typeof globalThis.fetch =>
  async (input, init) => {
    const signal = init?.signal ?? undefined;
    const call = fetch(input, { ...init, redirect: "manual" });
    const response = signal ? await untilAborted(call, signal) : await call;
    if (!response.body) return response;
    return new Response(bounded(response.body, maxBytes, signal), response);
  };
