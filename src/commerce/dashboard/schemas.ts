import { z } from "@hono/zod-openapi";
import { orderStatuses } from "#src/kernel/commerce-words.ts";
import { currencySchema, moneySchema } from "../money.ts";

const count = (description: string) => z.number().int().openapi({ description });
const money = (description: string) => moneySchema.openapi({ description });
const signedMoney = z.object({ amount: z.number().int(), currency: z.string() });
const day = z.iso.date().openapi({ description: "A day where the tenant is", example: "2026-11-28" });

const totalsSchema = z
  .object({
    orders: count("Orders that were made"),
    revenue: money("What those come to that were not cancelled"),
    refunds: money("What was given back"),
    net_revenue: signedMoney.openapi({
      description: "Revenue less refunds; below zero where more was given back",
    }),
    average_order_value: money("Revenue by order that was not cancelled"),
    items_sold: count("Things in orders that were not cancelled"),
    new_customers: count("Customers that ordered for the first time, in whatever currency"),
    returning_customers: count("Customers that ordered again, once for each day on which they did"),
    cancellation_rate: z
      .number()
      .openapi({ description: "Share of the orders that was cancelled, from 0 to 1" }),
  })
  .openapi("ShopTotals");

const change = z
  .number()
  .nullable()
  .openapi({ description: "By which share it is more; null where there was nothing before" });

export const shopDashboardSchema = z
  .object({
    period: z
      .object({
        from: day,
        to: day,
        days: count("How many days it is"),
        time_zone: z.string().openapi({ description: "Where its days are (IANA)", example: "Europe/Berlin" }),
      })
      .openapi({ description: "Which days it is about, today the last" }),
    currency: z.string().nullable().openapi({
      description:
        "In which the amounts are: the commonest unless asked otherwise; null where nothing was ordered",
    }),
    currencies: z
      .array(z.string())
      .openapi({ description: "All in which something was ordered, the commonest first" }),
    totals: totalsSchema,
    previous: totalsSchema.openapi({ description: "The same of as many days before" }),
    change: z
      .object({
        orders: change,
        revenue: change,
        net_revenue: change,
        average_order_value: change,
        items_sold: change,
        new_customers: change,
        returning_customers: change,
      })
      .openapi({ description: "By which share each is more than before" }),
    series: z
      .array(
        z.object({
          day,
          orders: count("Orders that were made"),
          revenue: money("What those come to that were not cancelled"),
        }),
      )
      .openapi({ description: "Every day of the period" }),
    top_products: z
      .array(
        z.object({
          product_id: z.string(),
          sku: z.string(),
          name: z.string(),
          quantity: count("How many were sold"),
          revenue: money("For how much"),
        }),
      )
      .openapi({ description: "The ten that were sold for most" }),
    top_customers: z
      .array(
        z.object({
          customer_id: z.string(),
          name: z.string(),
          orders: count("Orders in the currency, of all time"),
          value: money("What they come to"),
        }),
      )
      .openapi({ description: "The ten whose orders come to most, of all time" }),
    orders_by_status: z
      .array(z.object({ status: z.enum(orderStatuses), orders: count("How many are in it") }))
      .openapi({ description: "How all orders stand now" }),
    low_stock: z
      .array(
        z.object({
          product_id: z.string(),
          name: z.string(),
          location_id: z.string(),
          available: count("How many can be ordered"),
          low_stock_at: count("At how many there are few"),
        }),
      )
      .openapi({ description: "Ten of those of which there are few" }),
  })
  .openapi("ShopDashboard");

export const shopDashboardQuery = z.strictObject({
  days: z.coerce
    .number()
    .int()
    .min(1)
    .max(366)
    .default(30)
    .openapi({ description: "How many days, today the last" }),
  currency: currencySchema.optional(),
  location_id: z.uuid().optional().openapi({
    description:
      "Only what is fulfilled from there: orders and revenue; products and customers are not told apart",
  }),
});
