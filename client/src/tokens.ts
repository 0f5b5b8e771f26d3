import type { components } from "./api-types.ts";
import { PersonaError, refusalOf } from "./errors.ts";
import { patiently } from "./pauses.ts";

/** Where access tokens come from. */
export interface TokenSource {
  /** The token to send; undefined for calls that nobody signs. */
  get(): Promise<string | undefined>;
  /** Another one than `stale`, which was refused; undefined when there is none. */
  renew?(stale: string): Promise<string | undefined>;
}

/** What signing in answers, as far as a session goes. */
export type SessionTokens = Pick<
  components["schemas"]["TokenResponse"],
  "access_token" | "refresh_token" | "expires_in"
>;

/** A token that ends sooner than this is traded before it is sent, in milliseconds. */
const marginMs = 15_000;

/** One token, as it is. */
export const fixedToken = (token: string | undefined): TokenSource => ({ get: async () => token });

interface SessionOptions {
  baseUrl: string;
  fetch(request: Request): Promise<Response>;
  tokens: SessionTokens;
  /** Called with every new pair, to keep it: the old refresh token is good for nothing any more. */
  onTokens?(tokens: SessionTokens): void;
  /** Milliseconds since 1970; for tests. */
  now?(): number;
}

/**
 * The tokens of a session. A refresh token is good once, so all who find theirs outdated wait for one trade.
 * @throws PersonaError when the session has ended
 */
export class Session implements TokenSource {
  readonly #options: SessionOptions;
  #tokens: SessionTokens;
  #endsAt: number;
  #trade: Promise<string> | undefined;
  /** Names the trade until it has gone well: where its answer was lost, the same one comes again. */
  #tradeKey: string | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#tokens = options.tokens;
    this.#endsAt = this.#now() + options.tokens.expires_in * 1000;
  }

  async get(): Promise<string> {
    return this.#now() < this.#endsAt - marginMs ? this.#tokens.access_token : this.#traded();
  }

  async renew(stale: string): Promise<string> {
    return this.#tokens.access_token === stale ? this.#traded() : this.#tokens.access_token;
  }

  #now = (): number => this.#options.now?.() ?? Date.now();

  #traded(): Promise<string> {
    this.#trade ??= patiently(() => this.#ask(), undefined, isLost).finally(() => {
      this.#trade = undefined;
    });
    return this.#trade;
  }

  async #ask(): Promise<string> {
    const { baseUrl, fetch, onTokens } = this.#options;
    const asked = this.#now();
    this.#tradeKey ??= crypto.randomUUID();
    const response = await fetch(
      new Request(`${baseUrl}/api/v1/auth/refresh`, {
        method: "POST",
        headers: { "content-type": "application/json", "idempotency-key": this.#tradeKey },
        body: JSON.stringify({ refresh_token: this.#tokens.refresh_token }),
      }),
    );
    if (!response.ok) throw await refusalOf(response);
    const tokens: unknown = await response.json();
    if (!isSession(tokens)) throw new PersonaError(response, tokens);
    this.#tradeKey = undefined;
    this.#tokens = tokens;
    this.#endsAt = asked + tokens.expires_in * 1000;
    onTokens?.(tokens);
    return tokens.access_token;
  }
}

/** Whether it is not known what has become of a trade: it was not answered, is still at work, or something broke. */
const isLost = (error: unknown): boolean =>
  error instanceof TypeError ||
  (error instanceof PersonaError && (error.status === 409 || error.status >= 500));

const isSession = (tokens: unknown): tokens is SessionTokens =>
  typeof tokens === "object" && tokens !== null && "access_token" in tokens && "refresh_token" in tokens;
