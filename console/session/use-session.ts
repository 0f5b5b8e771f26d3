import { useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { dataOf } from "#client/index.ts";
import { type ActingWithin, acting } from "./acting.ts";
import { api } from "./client.ts";
import { type Scope, session, type User } from "./session.ts";

export const useUser = (): User | undefined => useSyncExternalStore(session.subscribe, session.user);

/** The tenant that this tab acts within, if it is not at home. */
export const useActing = (): ActingWithin | undefined =>
  useSyncExternalStore(acting.subscribe, acting.within);

/** How far what the signed-in account administers reaches; the tenant until that is known. */
export function useScope(): Scope {
  const user = useUser();
  const within = useActing()?.clientId;
  const { data } = useQuery({
    queryKey: ["session", user?.id, within],
    queryFn: async ({ signal }) => dataOf(await api.GET("/api/v1/auth/session", { signal })).scope,
    enabled: user !== undefined && user.role !== "user",
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data ?? "tenant";
}
