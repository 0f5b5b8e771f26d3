import { isoTime } from "#src/kernel/clock.ts";

const snakeCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A view as those who hear a conversation are told it: in the spelling of the REST answers, with times as ISO 8601. */
export const told = (view: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(view).map(([name, value]: [string, unknown]) => [
      snakeCase(name),
      name.endsWith("At") && typeof value === "number" ? isoTime(value) : value,
    ]),
  );
