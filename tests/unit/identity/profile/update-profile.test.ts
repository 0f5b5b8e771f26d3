import { describe, expect, it } from "vitest";
import { api, call } from "#tests/support/api.ts";
import { bodyOf } from "#tests/support/personas.ts";
import { createUser } from "#tests/support/users.ts";

describe("PUT /user/profile", () => {
  it("changes what is given and keeps the rest", async () => {
    const { token } = await createUser("profile_put");
    await api(token).PUT("/api/v1/user/profile", { body: { first_name: "Ada", company: "Engines" } });
    const { data } = await api(token).PUT("/api/v1/user/profile", { body: { first_name: "Augusta" } });
    expect(data).toMatchObject({ first_name: "Augusta", company: "Engines" });
  });

  it("refuses preferences that are nested without end", async () => {
    const { headers } = await createUser("profile_deep");
    const deep = `${'{"a":'.repeat(150_000)}1${"}".repeat(150_000)}`;
    const answer = await call("/api/v1/user/profile", {
      method: "PUT",
      headers: { ...headers, "content-type": "application/json" },
      body: `{"preferences":${deep}}`,
    });
    expect(await bodyOf(answer, 400)).toMatchObject({ details: { fields: [{ path: "preferences" }] } });
  });
});
