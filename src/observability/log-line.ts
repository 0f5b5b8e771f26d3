import { z } from "zod";
import { logLevels } from "#src/kernel/log-level.ts";
import { cutText } from "#src/text/cut-text.ts";

/** Values a log line may carry: flat and plain, so no request body or secret object slips in. */
export type LogFields = Record<string, string | number | boolean | null | undefined>;

/** Longer lines have their texts cut: nobody reads more of a stack, and a line must not outgrow what keeps it. */
const maxLine = 8000;
const maxText = 1000;

/** A line as it is written: one line of JSON. */
export function lineText(line: LogFields): string {
  const text = JSON.stringify(line);
  if (text.length <= maxLine) return text;
  return JSON.stringify(line, (_, value: unknown) =>
    typeof value === "string" ? cutText(value, maxText) : value,
  );
}

/** A line as it is read again; what else it says is beside these. */
export const logLineSchema = z
  .object({
    time: z.iso.datetime(),
    level: z.enum(logLevels),
    service: z.string(),
    message: z.string(),
  })
  .catchall(z.union([z.string(), z.number(), z.boolean(), z.null()]));
export type LogLine = z.infer<typeof logLineSchema>;
