import { z } from "@hono/zod-openapi";

const dayMs = 86_400_000;
const moment = z.iso.datetime({ offset: true });
const day = z.iso.date();
const example = "2026-01-31";

/** Where a period begins: a time, or the beginning of a day (UTC). Epoch milliseconds, inclusive. */
export const periodStart = z
  .union([moment, day])
  .transform((text) => Date.parse(text))
  .openapi({
    type: "string",
    description: "From this time on; of a date, from the beginning of the day (UTC)",
    example: "2026-01-01",
  });

/** Created after a time, that one excluded, or from the beginning of a day (UTC) on. Epoch milliseconds, exclusive. */
export const momentBefore = z
  .union([moment.transform((text) => Date.parse(text)), day.transform((text) => Date.parse(text) - 1)])
  .openapi({
    type: "string",
    description: "After this time; of a date, from the beginning of the day (UTC)",
    example: "2026-01-01",
  });

/** Where a period ends: a time, or the end of a day (UTC), which is in it. Epoch milliseconds, exclusive. */
export const periodEnd = z
  .union([moment.transform((text) => Date.parse(text)), day.transform((text) => Date.parse(text) + dayMs)])
  .openapi({
    type: "string",
    description: "Before this time; a date includes its day (UTC)",
    example,
  });
