/**
 * A body that is made while it is sent: each piece when the one before has been
 * taken, none ahead, and no more once whoever reads has gone. A failure breaks
 * the body off, so that nobody takes it for whole; `onError` hears of it.
 */
export const streamOf = (
  pieces: AsyncGenerator<Uint8Array, void>,
  onError: (error: unknown) => void,
): ReadableStream<Uint8Array> =>
  new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await pieces.next();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          onError(error);
          throw error;
        }
      },
      async cancel() {
        await pieces.return();
      },
    },
    { highWaterMark: 0 },
  );
