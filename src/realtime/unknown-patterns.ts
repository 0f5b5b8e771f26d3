import { matchesAny } from "#client/patterns.ts";
import { eventCatalogue } from "#src/kernel/event-catalogue.ts";

const names = Object.keys(eventCatalogue);

/** The patterns that fit no event there is, as a misspelt name does: who subscribes to them is told. */
export const unknownAmong = (patterns: readonly string[]): string[] =>
  patterns.filter((pattern) => !names.some((name) => matchesAny([pattern], name)));
