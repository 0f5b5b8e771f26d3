import { describe, expect, it } from "vitest";
import { call } from "../../support/api.ts";
import { createUser } from "../../support/users.ts";

const post = async (path: string, headers: Record<string, string>, body?: Uint8Array<ArrayBuffer>) => {
  const response = await call(path, { method: "POST", headers, body });
  return { status: response.status, error: await response.json() };
};

describe("The type of a request", () => {
  it.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"])(
    "is 415 where JSON is expected, also when nothing comes with it: %s",
    async (type) => {
      const { headers } = await createUser("types_of_nothing");
      expect(await post("/api/v1/projects", { ...headers, "content-type": type })).toMatchObject({
        status: 415,
        error: { error: "UNSUPPORTED_MEDIA_TYPE" },
      });
    },
  );

  it("is not asked for where a form is expected and nothing comes", async () => {
    const { headers } = await createUser("no_form", { role: "admin" });
    const nothing = await post(
      "/api/v1/admin/users/import",
      { ...headers, "content-length": "0" },
      new Uint8Array(),
    );
    expect(nothing).toMatchObject({ status: 400, error: { error: "VALIDATION_ERROR" } });
  });
});

describe("A query", () => {
  it("says a ticket once", async () => {
    const twice = await call("/api/v1/ws?ticket=a&ticket=b", { headers: { upgrade: "websocket" } });
    expect(twice.status).toBe(400);
    expect(await twice.json()).toMatchObject({ error: "VALIDATION_ERROR" });
  });
});
