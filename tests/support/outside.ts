import { dataOf } from "../../scripts/demo/parts.ts";
import { demo } from "../../scripts/local/options.ts";
import { apiClient } from "../../src/client/api-client.ts";

/** Signs a demo account in from outside, over HTTP. */
export async function signedIn(baseUrl: string, role: "admin" | "user" = "user") {
  const account = demo.accounts.find((candidate) => candidate.role === role);
  if (!account) throw new Error(`no demo account is ${role}`);
  const { email, password } = account;
  const { access_token: token } = dataOf(
    await apiClient({ baseUrl }).POST("/api/v1/auth/login", { body: { email, password } }),
  );
  return { token, api: apiClient({ baseUrl, token }) };
}

/** Polls until `look` gives something; for what only time and other processes bring. */
export async function eventually<T>(look: () => Promise<T | undefined>, timeoutMs = 30_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`Not within ${timeoutMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
