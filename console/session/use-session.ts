import { useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { dataOf } from "#client/index.ts";
import { api } from "./client.ts";
import { type Scope, session, type User } from "./session.ts";

export const useUser = (): User | undefined => useSyncExternalStore(session.subscribe, session.user);

/** How far what the signed-in account administers reaches; the tenant until that is known. */
export function useScope(): Scope {
  const user = useUser();
  const { data } = useQuery({
    queryKey: ["session", user?.id],
    queryFn: async ({ signal }) => dataOf(await api.GET("/api/v1/auth/session", { signal })).scope,
    enabled: user !== undefined && user.role !== "user",
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data ?? "tenant";
}
