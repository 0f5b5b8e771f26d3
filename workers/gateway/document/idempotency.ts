import { z } from "@hono/zod-openapi";
import { errorResponses } from "#src/http/error-response.ts";
import { maxKeyLength } from "#src/operation/replays.ts";

/** The header of an operation whose answers are kept for repetitions. */
export const keyHeader = z.object({
  "Idempotency-Key": z
    .string()
    .min(1)
    .max(maxKeyLength)
    .optional()
    .openapi({
      param: {
        description:
          "Makes the request safe to repeat: for 24 hours the first success is given again with `Idempotent-Replayed: true`",
        example: "0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c",
      },
    }),
});

/** What such an operation refuses for its key, where it has no conflict of its own. */
export const keyConflict = {
  409: {
    ...errorResponses("CONFLICT")[409],
    description: "`CONFLICT`: The key came with another body, or its first request is still at work",
  },
};
