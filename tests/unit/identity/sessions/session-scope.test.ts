import { expect, it } from "vitest";
import { signedIn } from "#tests/support/accounts.ts";
import { api } from "#tests/support/api.ts";

it.each([
  ["operator", "admin", "platform"],
  ["scope_of_tenant", "admin", "tenant"],
  ["operator", "user", "tenant"],
] as const)("In %s, what the role %s may administer reaches %s", async (clientId, role, scope) => {
  const { token } = await signedIn(clientId, { role });
  expect((await api(token).GET("/api/v1/auth/session")).data?.scope).toBe(scope);
});
