import type { z } from "@hono/zod-openapi";
import { wireRow } from "#src/http/wire-row.ts";
import type { PersonaChatRow } from "./persona-chat-repository.ts";
import { personaChatSchema } from "./schemas.ts";

/** How a persona is talked with, on the wire. */
export const personaChatView = (row: PersonaChatRow): z.infer<typeof personaChatSchema> =>
  wireRow(personaChatSchema, row, {
    handover: {
      enabled: row.handover,
      triggers: { wants_human: false, sentiment_below: null, ...row.handoverTriggers },
    },
  });
