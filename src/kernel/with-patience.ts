/** How long a turn of waiting is. */
const turnMs = 100;

/**
 * What work comes to, unless it takes longer than so many milliseconds in which this isolate could have heard of it: one
 * that is busy hears of nothing, neither of an answer nor that time is over, and must not take that for silence.
 * @throws when it takes longer
 */
export async function withPatience<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  let turns = Math.ceil(milliseconds / turnMs);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = () => {
    timer = setTimeout(() => {
      turns -= 1;
      if (turns > 0) wait();
      else reject(new Error(`No answer within ${milliseconds} ms`));
    }, turnMs);
  };
  wait();
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
