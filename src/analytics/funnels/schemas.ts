import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { pageFields } from "#src/http/page.ts";
import { clientIdSchema } from "#src/identity/index.ts";
import { metricDimensions, metricNames } from "#src/kernel/analytics-words.ts";
import { spanQuery } from "../figures/span.ts";
import { periodSchema } from "../users/schemas.ts";

const count = z.number().int().nonnegative();
const said = <T extends z.ZodType>(schema: T, description: string) => schema.openapi({ description });

const step = z
  .strictObject({
    event: said(z.enum(metricNames), "What has to happen"),
    where: z
      .partialRecord(z.enum(metricDimensions), z.string().min(1).max(100))
      .optional()
      .openapi({ description: "And what it is told by", example: { role: "user" } }),
  })
  .openapi("FunnelStep");

const name = z.string().trim().min(1).max(100);
const steps = said(z.array(step).min(2).max(6), "What people do, one after the other");
const window_days = said(z.number().int().min(1).max(30), "Days from the first step to the last");

const example = {
  name: "From a conversation to an opinion",
  steps: [{ event: "conversations.started" as const }, { event: "satisfaction.given" as const }],
  window_days: 7,
};

export const newFunnelSchema = z
  .strictObject({ name, steps, window_days: window_days.default(7) })
  .openapi("NewFunnel", { example });

export const changedFunnelSchema = z
  .strictObject({ name, steps, window_days })
  .openapi("ChangedFunnel", { example });
export type ChangedFunnel = z.infer<typeof changedFunnelSchema>;

export const funnelSchema = z
  .object({
    id: z.uuid(),
    name,
    steps,
    window_days,
    created_by: said(z.string(), "Who has made it"),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .openapi("Funnel", {
    example: {
      id: "0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c",
      ...example,
      created_by: "0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2d",
      created_at: "2026-11-01T09:00:00.000Z",
      updated_at: "2026-11-01T09:00:00.000Z",
    },
  });

export const funnelListSchema = z
  .object({ funnels: said(z.array(funnelSchema), "Newest first"), ...pageFields })
  .openapi("FunnelList");

export const funnelParams = z.object({
  funnel_id: z.uuid().openapi({ description: "The funnel" }),
});
export const funnelListQuery = cursorQuery().extend({ client_id: clientIdSchema.optional() });
export const funnelResultQuery = spanQuery.omit({ client_id: true });

export const funnelResultSchema = z
  .object({
    period: said(periodSchema, "The days on which the first step was taken"),
    steps: said(
      z.array(
        z
          .object({
            event: z.enum(metricNames),
            persons: said(count, "Who took it in time after those before; who begins anew counts anew"),
            share: said(z.number().min(0).max(1), "Of those who took the first; 0 where nobody did"),
            median_ms: said(
              z.number().nonnegative().nullable(),
              "Half of them took no longer from the step before, give or take 5 %; null for the first",
            ),
          })
          .openapi("FunnelStepResult"),
      ),
      "One for each, in order",
    ),
  })
  .openapi("FunnelResult");
