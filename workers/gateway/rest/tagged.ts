import { usualAnswer } from "./answer.ts";
import type { Offer } from "./offer.ts";

/** How something with a version is offered: its answer says it as `ETag`, which `If-Match` takes. */
export const tagged = <O extends { version: number }>(offer: Offer<O> = {}): Offer<O> => ({
  ...offer,
  answer: (c, performed) => {
    const answer = usualAnswer(c, performed, offer);
    answer.headers.set("ETag", `"${performed.output.version}"`);
    return answer;
  },
});
