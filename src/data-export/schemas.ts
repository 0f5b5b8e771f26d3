import { z } from "@hono/zod-openapi";

const rows = (description: string) => z.array(z.record(z.string(), z.unknown())).openapi({ description });

/** What the document says of the file. */
export const ownDataSchema = z
  .object({
    account: z.record(z.string(), z.unknown()).openapi({ description: "As `GET /user/profile` has it" }),
    personalisation: z
      .record(z.string(), z.unknown())
      .openapi({ description: "Consents with all their changes, profile, context, and what else is known" }),
    conversations: rows("With all `messages` of all branches"),
    runs: rows("With their results"),
    personas: rows("With their `memories`"),
    complete: z.literal(true).openapi({ description: "Only a whole file has it" }),
  })
  .openapi("OwnData");
