import { type ApiClient, apiClient } from "./api.ts";
import { Conversations } from "./conversations.ts";
import { dataOf } from "./errors.ts";
import { RealtimeConnection } from "./realtime.ts";
import type { ConnectOptions } from "./resuming-socket.ts";
import { Runs } from "./runs.ts";
import { type Fetch, signedFetch } from "./signed-fetch.ts";
import { fixedToken, Session, type SessionTokens, type TokenSource } from "./tokens.ts";

export interface PersonaClientOptions {
  /** Where the platform is, for example `https://personas.example`. */
  baseUrl: string;
  /** An access token, what a sign-in has answered, or where tokens come from; left out, nobody signs. */
  token?: string | SessionTokens | TokenSource;
  /** Called with every new pair of tokens of a session, to keep it. */
  onTokens?(tokens: SessionTokens): void;
  fetch?: Fetch;
}

/** The platform, as one caller sees it. */
export interface PersonaClient {
  /** Every operation of the API, by method and path. */
  api: ApiClient;
  /** Executions of personas. */
  runs: Runs;
  /** Conversations with personas. */
  conversations: Conversations;
  /** Any other request of the platform, signed: an image, a file. */
  fetch: Fetch;
  realtime: {
    /** Opens a WebSocket that stays until it is closed. */
    connect(options?: ConnectOptions): RealtimeConnection;
  };
}

/**
 * The platform, as the holder of a token sees it.
 *
 * @example
 * const { runs } = personaClient({ baseUrl: "http://127.0.0.1:8787", token });
 * const run = await runs.execute(instanceId, { input: { topic: "tea" } });
 * for await (const { added } of run.text()) process.stdout.write(added ?? "\n");
 */
export function personaClient({
  baseUrl: given,
  token,
  onTokens,
  fetch: fetchAs = (request) => fetch(request),
}: PersonaClientOptions): PersonaClient {
  const baseUrl = given.replace(/\/+$/, "");
  const tokens = sourceOf(token, { baseUrl, fetch: fetchAs, onTokens });
  const signed = signedFetch(fetchAs, tokens);
  const api = apiClient({ baseUrl, fetch: signed });
  const parts = { baseUrl, fetch: signed, tokens };
  return {
    api,
    conversations: new Conversations({ ...parts, api }),
    runs: new Runs({ api, baseUrl, fetch: signed }),
    fetch: signed,
    realtime: { connect: (options) => new RealtimeConnection(parts, options) },
  };
}

/**
 * Signs somebody in.
 * @returns the platform, as they see it; tokens are traded for new ones when they end
 * @throws PersonaError
 */
export async function signIn(
  { email, password }: { email: string; password: string },
  options: Omit<PersonaClientOptions, "token">,
): Promise<PersonaClient> {
  const { api } = personaClient(options);
  const token = dataOf(await api.POST("/api/v1/auth/login", { body: { email, password } }));
  options.onTokens?.(token);
  return personaClient({ ...options, token });
}

function sourceOf(
  token: PersonaClientOptions["token"],
  parts: { baseUrl: string; fetch: Fetch; onTokens?(tokens: SessionTokens): void },
): TokenSource {
  if (token === undefined || typeof token === "string") return fixedToken(token);
  return "get" in token ? token : new Session({ ...parts, tokens: token });
}
