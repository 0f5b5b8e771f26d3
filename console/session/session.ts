import { apiClient, type components, dataOf, PersonaError } from "#client/index.ts";

/** How far what somebody administers reaches. */
export type Scope = components["schemas"]["Caller"]["scope"];

export type User = components["schemas"]["User"];

/** What a sign-in gives a tab; it is in memory only. The refresh token is a cookie that no script reads. */
interface Session {
  token: string;
  /** Epoch milliseconds. */
  endsAt: number;
  user: User;
}

type TabMessage = { kind: "in"; session: Session } | { kind: "out" };

/** A token is traded so long before its end. */
const marginMs = 60_000;
/** What another tab has said while this one waited for the lock arrives within this time. */
const hearsayMs = 100;

const withCookie = { params: { header: { "X-Session": "cookie" } } } as const;
const anonymous = apiClient({ baseUrl: location.origin });
const tabs = new BroadcastChannel("session");
const listeners = new Set<() => void>();

let current: Session | undefined;

function set(session: Session | undefined): void {
  current = session;
  for (const listener of listeners) listener();
}

tabs.addEventListener("message", ({ data }: MessageEvent<TabMessage>) => {
  set(data.kind === "in" ? data.session : undefined);
});

function take(tokens: components["schemas"]["TokenResponse"]): void {
  const { access_token: token, expires_in: seconds, user } = tokens;
  const session = { token, endsAt: Date.now() + seconds * 1000, user };
  set(session);
  tabs.postMessage({ kind: "in", session } satisfies TabMessage);
}

/** The token that this tab has, if it is good for a while and not the one that was refused. */
function freshToken(stale?: string): string | undefined {
  if (!current || current.token === stale || current.endsAt - marginMs <= Date.now()) return undefined;
  return current.token;
}

/** The signed-in account, for React's `useSyncExternalStore`. */
export const session = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  user: (): User | undefined => current?.user,
};

/** @throws PersonaError */
export async function signIn(email: string, password: string): Promise<void> {
  take(dataOf(await anonymous.POST("/api/v1/auth/login", { body: { email, password }, ...withCookie })));
}

/** Sets a new password with the token of a sign-in that must change it. @throws PersonaError */
export async function choosePassword(token: string, password: string): Promise<void> {
  dataOf(await anonymous.POST("/api/v1/auth/password/reset", { body: { token, new_password: password } }));
}

/** Ends the session, here and in every other tab. */
export async function signOut(): Promise<void> {
  const token = await accessToken();
  if (token) {
    const client = apiClient({ baseUrl: location.origin, token });
    await client.POST("/api/v1/auth/logout", withCookie).catch(() => undefined);
  }
  forgetSession();
  tabs.postMessage({ kind: "out" } satisfies TabMessage);
}

export const forgetSession = (): void => set(undefined);

/** The access token, renewed before its end; undefined when nobody is signed in. */
export async function accessToken(): Promise<string | undefined> {
  return freshToken() ?? renewed(current?.token);
}

/**
 * Trades the cookie for a token; of several tabs one does.
 * @param stale a token that is no good any more
 * @returns undefined when the session has ended
 * @throws TypeError when nothing can be reached
 */
export async function renewed(stale?: string): Promise<string | undefined> {
  const wasFree = await navigator.locks.request("refresh", { ifAvailable: true }, async (lock) => {
    if (lock) await trade(stale);
    return lock !== null;
  });
  if (!wasFree)
    await navigator.locks.request("refresh", async () => {
      await new Promise((resolve) => setTimeout(resolve, hearsayMs));
      await trade(stale);
    });
  return current?.token;
}

async function trade(stale: string | undefined): Promise<void> {
  if (freshToken(stale)) return;
  const answer = await anonymous.POST("/api/v1/auth/refresh", withCookie);
  if (answer.data) return take(answer.data);
  const { status } = answer.response;
  // Whoever is busy or broken may still know us.
  if (status !== 401 && status !== 403) throw new PersonaError(answer.response, answer.error);
  forgetSession();
}
