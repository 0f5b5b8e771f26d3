import { describe, expect, it } from "vitest";
import { api } from "#tests/support/api.ts";
import { createUser } from "#tests/support/users.ts";

describe("PUT /user/profile", () => {
  it("changes what is given and keeps the rest", async () => {
    const { token } = await createUser("profile_put");
    await api(token).PUT("/api/v1/user/profile", { body: { first_name: "Ada", company: "Engines" } });
    const { data } = await api(token).PUT("/api/v1/user/profile", { body: { first_name: "Augusta" } });
    expect(data).toMatchObject({ first_name: "Augusta", company: "Engines" });
  });
});
