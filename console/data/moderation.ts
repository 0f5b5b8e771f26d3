import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { type components, dataOf } from "#client/index.ts";
import { api, done } from "../session/client.ts";

type Schemas = components["schemas"];
export type ModerationRule = Schemas["ModerationRule"];
export type NewRule = Schemas["NewModerationRule"];
export type Ban = Schemas["Ban"];
export type NewBan = Schemas["NewBan"];

const limit = 50;

const byCursor = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ next_cursor }: { next_cursor: string | null }) => next_cursor ?? undefined,
  placeholderData: keepPreviousData,
};

/** What is fetched again after a rule has changed. */
export const staleRules = [["moderation", "rules"]];

export const rulesQuery = infiniteQueryOptions({
  queryKey: ["moderation", "rules"],
  queryFn: async ({ pageParam: cursor, signal }) =>
    dataOf(await api.GET("/api/v1/admin/moderation/rules", { params: { query: { limit, cursor } }, signal })),
  ...byCursor,
});

/** Makes a rule, or changes the one of an id. @throws PersonaError */
export async function saveRule(rule_id: string | undefined, body: NewRule): Promise<void> {
  if (rule_id === undefined) dataOf(await api.POST("/api/v1/admin/moderation/rules", { body }));
  else await changeRule(rule_id, body);
}

/** @throws PersonaError */
export async function changeRule(rule_id: string, body: Schemas["ChangedModerationRule"]): Promise<void> {
  const params = { path: { rule_id } };
  dataOf(await api.PATCH("/api/v1/admin/moderation/rules/{rule_id}", { params, body }));
}

/** @throws PersonaError */
export async function deleteRule(rule_id: string): Promise<void> {
  done(await api.DELETE("/api/v1/admin/moderation/rules/{rule_id}", { params: { path: { rule_id } } }));
}

/** What is fetched again after a ban has changed. */
export const staleBans = [["moderation", "bans"]];

export const bansQuery = infiniteQueryOptions({
  queryKey: ["moderation", "bans"],
  queryFn: async ({ pageParam: cursor, signal }) =>
    dataOf(await api.GET("/api/v1/admin/bans", { params: { query: { limit, cursor } }, signal })),
  ...byCursor,
});

/** @throws PersonaError */
export async function ban(body: NewBan): Promise<void> {
  dataOf(await api.POST("/api/v1/admin/bans", { body }));
}

/** @throws PersonaError */
export async function liftBan(ban_id: string): Promise<void> {
  done(await api.DELETE("/api/v1/admin/bans/{ban_id}", { params: { path: { ban_id } } }));
}
