import { describe, expect, it } from "vitest";
import { call } from "../../support/api.ts";
import { createUser } from "../../support/users.ts";

const post = async (path: string, headers: Record<string, string>, body?: Uint8Array<ArrayBuffer>) => {
  const response = await call(path, { method: "POST", headers, body });
  return { status: response.status, error: await response.json() };
};

const bytesOf = (text: string) => new Uint8Array(new TextEncoder().encode(text));

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

describe("What is wrong with a body", () => {
  const bodies = [
    ["no JSON", "text/plain", "hi"],
    ["a number that is no double", "application/json", '{"a":12345678901234567890}'],
    ["half a character", "application/json", '{"a":"\\ud800"}'],
    ["broken", "application/json", "{"],
  ] as const;
  const answers = async (path: string, headers: Record<string, string>) =>
    Promise.all(
      bodies.map(async ([what, type, body]) => {
        return [what, (await post(path, { ...headers, "content-type": type }, bytesOf(body))).status];
      }),
    );

  it("is told to nobody who has not signed in, and to nobody who may not do it", async () => {
    const user = await createUser("told_of_bodies");
    const admin = await createUser("told_of_bodies", { role: "admin" });
    const path = "/api/v1/admin/users/bulk";
    expect(await answers(path, {})).toEqual(bodies.map(([what]) => [what, 401]));
    expect(await answers(path, user.headers)).toEqual(bodies.map(([what]) => [what, 403]));
    expect(await answers(path, admin.headers)).toEqual(
      bodies.map(([what]) => [what, what === "no JSON" ? 415 : 400]),
    );
  });

  it("is told as well where no body is asked for", async () => {
    const { headers } = await createUser("no_body_asked");
    const typed = { ...headers, "content-type": "application/json" };
    expect((await post("/api/v1/auth/validate", typed, bytesOf('{"a":12345678901234567890}'))).status).toBe(
      400,
    );
  });
});

describe("A query", () => {
  it("says a ticket once", async () => {
    const twice = await call("/api/v1/ws?ticket=a&ticket=b", { headers: { upgrade: "websocket" } });
    expect(twice.status).toBe(400);
    expect(await twice.json()).toMatchObject({ error: "VALIDATION_ERROR" });
  });
});
