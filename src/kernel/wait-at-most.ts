/** Waits for work, but only so many milliseconds; it goes on by itself. */
export async function waitAtMost(work: Promise<unknown>, milliseconds: number): Promise<void> {
  const { promise: patience, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  await Promise.race([work, patience]);
  clearTimeout(timer);
}
