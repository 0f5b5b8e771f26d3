import { z } from "@hono/zod-openapi";
import {
  createFunnel,
  deleteFunnel,
  figuresAsCsv,
  getConversationAnalytics,
  getFunnel,
  getFunnelResult,
  getRecommendationAnalytics,
  getRetention,
  getSystemAnalytics,
  getUserAnalytics,
  listFunnels,
  updateFunnel,
} from "#src/analytics/index.ts";
import { jsonResponse } from "#src/http/openapi.ts";
import { usualAnswer } from "../../rest/answer.ts";
import type { Offer } from "../../rest/offer.ts";
import { del, get, post, put, restRouter } from "../../rest/table.ts";

/** Figures as JSON, or as CSV to who accepts nothing but that. */
function figures<O>(name: string, answered: string, schema: z.ZodType<O>): Offer<O> {
  const usual = jsonResponse(answered, schema);
  const csv = {
    schema: z.string().openapi({ example: "part,of,figure,value\r\ntotals,,messages_sent,12\r\n" }),
  };
  return {
    responses: { 200: { ...usual, content: { ...usual.content, "text/csv": csv } } },
    answer: (c, performed) => {
      if (!c.req.header("accept")?.includes("text/csv")) return usualAnswer(c, performed, {});
      return c.body(figuresAsCsv(performed.output), 200, {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": `attachment; filename="${name}.csv"`,
        "cache-control": "no-store",
      });
    },
  };
}

export const adminAnalytics = restRouter("Administration: analytics", [
  get("/users", getUserAnalytics, "The figures", figures("users", "The figures", getUserAnalytics.output)),
  get(
    "/conversations",
    getConversationAnalytics,
    "The figures",
    figures("conversations", "The figures", getConversationAnalytics.output),
  ),
  get("/retention", getRetention, "The cohorts", figures("retention", "The cohorts", getRetention.output)),
  get(
    "/recommendations",
    getRecommendationAnalytics,
    "The figures",
    figures("recommendations", "The figures", getRecommendationAnalytics.output),
  ),
  get(
    "/system",
    getSystemAnalytics,
    "The figures",
    figures("system", "The figures", getSystemAnalytics.output),
  ),
  get("/funnels", listFunnels, "Funnels"),
  post("/funnels", createFunnel, "Made", {
    status: 201,
    location: ({ id }) => `/api/v1/admin/analytics/funnels/${id}`,
  }),
  get("/funnels/{funnel_id}", getFunnel, "The funnel"),
  put("/funnels/{funnel_id}", updateFunnel, "Changed"),
  del("/funnels/{funnel_id}", deleteFunnel, "Deleted", { status: 204 }),
  get(
    "/funnels/{funnel_id}/result",
    getFunnelResult,
    "What it has counted",
    figures("funnel", "What it has counted", getFunnelResult.output),
  ),
]);
