/**
 * Up to where a text that is being written can be read out: behind the last sentence, or line, that has ended.
 * @param from up to where it was read out before
 */
export function saidUpTo(text: string, from: number): number {
  const ends = [...text.slice(from).matchAll(/[.!?…。！？]+["'”’)\]]*\s|\n/gu)];
  const last = ends.at(-1);
  return last === undefined ? from : from + last.index + last[0].length;
}
