import type { TokenSource } from "./tokens.ts";

/** As `fetch` takes a request. */
export type Fetch = (request: Request) => Promise<Response>;

/** `fetch` that says who calls; once more with another token where the first is not good any more. */
export function signedFetch(fetch: Fetch, tokens: TokenSource): Fetch {
  const signed = (request: Request, token: string) => {
    const headers = new Headers(request.headers);
    headers.set("authorization", `Bearer ${token}`);
    return new Request(request, { headers });
  };
  return async (request) => {
    const token = await tokens.get();
    if (token === undefined || request.headers.has("authorization")) return fetch(request);
    // A body can be sent once.
    const again = tokens.renew && request.clone();
    const response = await fetch(signed(request, token));
    if (response.status !== 401 || !again) return response;
    const renewed = await tokens.renew?.(token);
    if (renewed === undefined || renewed === token) return response;
    await response.body?.cancel();
    return fetch(signed(again, renewed));
  };
}
