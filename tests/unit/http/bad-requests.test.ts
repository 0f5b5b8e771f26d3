import { v7 as uuidv7 } from "uuid";
import { describe, expect, it } from "vitest";
import { call, send } from "../../support/api.ts";
import { createUser, type TestUser } from "../../support/users.ts";

describe("Bad requests get the one error shape", () => {
  const cases: [string, number, string, (user: TestUser) => Promise<Response>][] = [
    [
      "invalid JSON",
      400,
      "VALIDATION_ERROR",
      ({ headers }) =>
        call("/api/v1/personas/instances", {
          method: "POST",
          headers: { ...headers, "content-type": "application/json" },
          body: "{",
        }),
    ],
    [
      "unknown fields",
      400,
      "VALIDATION_ERROR",
      ({ headers }) =>
        send(
          "POST",
          "/api/v1/personas/instances",
          { template_id: uuidv7(), name: "x", owner_user_id: "me" },
          headers,
        ),
    ],
    [
      "an id that is none",
      404,
      "NOT_FOUND",
      ({ headers }) => call("/api/v1/personas/instances/1", { headers }),
    ],
    [
      "an unknown id",
      404,
      "NOT_FOUND",
      ({ headers }) => call(`/api/v1/personas/instances/${uuidv7()}`, { headers }),
    ],
    [
      "an unknown run",
      404,
      "NOT_FOUND",
      ({ headers }) => call(`/api/v1/personas/runs/${uuidv7()}`, { headers }),
    ],
    [
      "an unknown template",
      404,
      "NOT_FOUND",
      ({ headers }) =>
        send("POST", "/api/v1/personas/instances", { template_id: uuidv7(), name: "x" }, headers),
    ],
    ["an unknown path", 404, "NOT_FOUND", ({ headers }) => call("/api/v1/nowhere", { headers })],
    [
      "another method",
      405,
      "METHOD_NOT_ALLOWED",
      ({ headers }) => call("/api/v1/auth/login", { method: "DELETE", headers }),
    ],
    [
      "another content type",
      415,
      "UNSUPPORTED_MEDIA_TYPE",
      ({ headers }) =>
        call("/api/v1/auth/login", {
          method: "POST",
          headers: { ...headers, "content-type": "text/plain" },
          body: "hi",
        }),
    ],
    [
      "a body over 1 MB",
      413,
      "PAYLOAD_TOO_LARGE",
      ({ headers }) => send("POST", "/api/v1/auth/login", { email: "x".repeat(1_100_000) }, headers),
    ],
  ];
  it.each(cases)("%s: %i", async (_, status, error, request) => {
    const answer = await request(await createUser("bad_requests"));
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({
      error,
      message: expect.any(String),
      request_id: answer.headers.get("x-request-id"),
    });
  });

  it("a wrong method names the right ones", async () => {
    const answer = await call("/api/v1/auth/login", { method: "DELETE" });
    expect(answer.headers.get("allow")).toBe("POST");
  });
});

it("Of what is wrong with a body full of nonsense the first hundred fields are named, and the rest counted", async () => {
  const nonsense = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`key-${index}`, index]));
  const answer = await send("POST", "/api/v1/auth/login", nonsense);
  expect(answer.status).toBe(400);
  const { details } = await answer.json<{ details: { fields: unknown[]; more_fields: number } }>();
  // E-mail and password are missing besides.
  expect([details.fields.length, details.more_fields]).toEqual([100, 4902]);
});
