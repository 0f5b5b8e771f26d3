import { z } from "@hono/zod-openapi";
import { currencySchema } from "#src/commerce/index.ts";
import { shopChanges } from "#src/engine/tool-loop/shop-tools.ts";

const bound = (within: string) =>
  z
    .strictObject({
      count: z
        .number()
        .int()
        .min(0)
        .max(10_000)
        .openapi({ description: `Changes ${within}` }),
      amount: z
        .number()
        .int()
        .min(0)
        .max(Number.MAX_SAFE_INTEGER)
        .openapi({ description: `What they are worth together ${within}, in the currency's minor units` }),
    })
    .openapi({ description: `At most ${within}; what is beyond is asked about` });

export const freedToolSchema = z
  .strictObject({
    tool: z.enum(shopChanges).openapi({ description: "The tool that a person need not allow" }),
    currency: currencySchema,
    per_run: bound("in one run, with its child runs"),
    per_day: bound("on one day, where the tenant is"),
  })
  .openapi("ToolWithoutApproval", {
    example: {
      tool: "orders.cancel",
      currency: "EUR",
      per_run: { count: 1, amount: 5000 },
      per_day: { count: 20, amount: 50_000 },
    },
  });

export const freedToolsSchema = z
  .strictObject({
    tools: z
      .array(freedToolSchema)
      .max(shopChanges.length)
      .refine((tools) => new Set(tools.map(({ tool }) => tool)).size === tools.length, "Each tool once")
      .openapi({ description: "All of them; what is not among them is asked about" }),
  })
  .openapi("ToolsWithoutApproval");

export type FreedTool = z.infer<typeof freedToolSchema>;
