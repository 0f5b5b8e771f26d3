import { add, type Counts, type Meter } from "../meters.ts";

/** What this isolate has counted since it began. */
const counts: Counts = {};

/** Counts some of what is billed. */
export const count = (meter: Meter, origin: string, amount = 1): void => add(counts, meter, origin, amount);

/** Says how much there is of something that is stored. */
export function gauge(meter: Meter, origin: string, amount: number): void {
  counts[meter] = { ...counts[meter], [origin]: amount };
}

/** The answer to whoever asks for the counts, and nothing for any other request. */
export const countsFor = (request: Request): Response | undefined =>
  new URL(request.url).pathname === "/counts" ? Response.json(counts) : undefined;
