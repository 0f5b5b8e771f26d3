import { jsonBytes, limits } from "./limits.ts";

/** A part of event data that is larger than this goes first when there is too much. */
const largePart = 4096;

/**
 * Event data that fits into a frame and a hub's call: large parts are left out
 * and named in `omitted`; whoever needs them reads the run.
 */
export function boundedData(data: Record<string, unknown>): Record<string, unknown> {
  if (jsonBytes(data) <= limits.eventBytes) return data;
  const omitted = Object.keys(data).filter((key) => jsonBytes(data[key]) > largePart);
  const kept = Object.entries(data).filter(([key]) => !omitted.includes(key));
  return { ...Object.fromEntries(kept), omitted };
}
