import type { Report } from "./world-options.ts";

/** What has happened in a world, and what has become of its runs: all of it but how their plans are written down. */
export const outcomeOf = ({ trace, runs }: Report) => ({
  trace,
  runs: runs.map(({ header: { id }, ...run }) => ({ id, ...run })),
});
