import { apiClient, dataOf } from "#client/index.ts";
import { accessToken, renewed, session } from "./session.ts";

/** A tenant that this tab acts within; a reload leaves it. */
export interface ActingWithin {
  clientId: string;
  name: string;
}

interface Acting extends ActingWithin {
  token: string;
  /** Epoch milliseconds. */
  endsAt: number;
}

/** Another token is asked for so long before the end of one. */
const marginMs = 60_000;

let current: Acting | undefined;
const listeners = new Set<() => void>();

function set(next: Acting | undefined): void {
  // The same tenant with another token is the same.
  const isNews = next?.clientId !== current?.clientId;
  current = isNews || !next || !current ? next : Object.assign(current, next);
  if (isNews) for (const listener of listeners) listener();
}

// Whoever is not signed in any more, acts nowhere.
session.subscribe(() => {
  if (!session.user()) set(undefined);
});

async function ask(client_id: string): Promise<Acting> {
  const home = apiClient({ baseUrl: location.origin, token: await accessToken() });
  const answer = await home.POST("/api/v1/admin/clients/{client_id}/act", {
    params: { path: { client_id } },
  });
  const { access_token: token, expires_in: seconds, display_name: name } = dataOf(answer);
  return { clientId: client_id, name, token, endsAt: Date.now() + seconds * 1000 };
}

/** Acts within a tenant from now on: whatever is asked for, is asked for there. @throws PersonaError */
export async function actWithin(clientId: string): Promise<void> {
  set(await ask(clientId));
}

/** Comes home. */
export const leaveTenant = (): void => set(undefined);

/** The tenant that this tab acts within, for React's `useSyncExternalStore`. */
export const acting = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  within: (): ActingWithin | undefined => current,
};

/** What signs the calls of this tab: the session's token, or the one of the tenant that it acts within. */
export const callTokens = {
  get: async (): Promise<string | undefined> => {
    if (current && current.endsAt - marginMs <= Date.now()) return callTokens.renew(current.token);
    return current ? current.token : accessToken();
  },
  renew: async (stale: string | undefined): Promise<string | undefined> => {
    const within = current;
    if (!within) return renewed(stale);
    const next = await ask(within.clientId);
    // Somebody may have left meanwhile.
    if (current === within) set(next);
    return next.token;
  },
};
