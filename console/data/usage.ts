import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { type components, dataOf } from "#client/index.ts";
import { api } from "../session/client.ts";
import type { dimensions } from "./choices.ts";

export type UsageSeries = components["schemas"]["UsageSeries"];
export type UsageFigures = components["schemas"]["UsageFigures"];
export type UsagePoint = components["schemas"]["UsagePoint"];

export type Dimension = (typeof dimensions)[number];

export const ranges = { "7": "7 days", "14": "14 days", "30": "30 days", "90": "90 days" } as const;
export type Range = keyof typeof ranges;

/** What is counted, as people say it. */
export const metrics = {
  fuel: { name: "Fuel", of: (figures: UsageFigures) => figures.fuel },
  runs: { name: "Runs", of: (figures: UsageFigures) => figures.count },
  tokens: { name: "Tokens", of: (figures: UsageFigures) => figures.tokens_in + figures.tokens_out },
  cost: { name: "Cost", of: (figures: UsageFigures) => figures.cost_micros / 1_000_000 },
  failures: { name: "Failures", of: (figures: UsageFigures) => figures.failed },
} as const;
export type Metric = keyof typeof metrics;

const dayMs = 86_400_000;

/** The first day of a range that ends today, in UTC as the platform counts. */
export const sinceOf = (range: Range, now = Date.now()): string =>
  new Date(now - (Number(range) - 1) * dayMs).toISOString().slice(0, 10);

export const seriesQuery = (by: Dimension | "day", range: Range) =>
  queryOptions({
    queryKey: ["usage", by, range],
    queryFn: async ({ signal }) =>
      dataOf(
        await api.GET("/api/v1/subscription/usage/series", {
          params: { query: { by, since: sinceOf(range) } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });

export const subscriptionQuery = queryOptions({
  queryKey: ["subscription"],
  queryFn: async ({ signal }) => dataOf(await api.GET("/api/v1/subscription", { signal })),
});

export const tiersQuery = queryOptions({
  queryKey: ["tiers"],
  queryFn: async ({ signal }) => dataOf(await api.GET("/api/v1/subscription/tiers", { signal })).tiers,
  staleTime: Number.POSITIVE_INFINITY,
});

export const quotaQuery = (resource: "personas" | "projects" | "content") =>
  queryOptions({
    queryKey: ["quota", resource],
    queryFn: async ({ signal }) =>
      dataOf(await api.GET("/api/v1/subscription/check-quota", { params: { query: { resource } }, signal })),
  });
