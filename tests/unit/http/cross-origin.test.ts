import { exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { settingsOf } from "#src/kernel/config.ts";
import { visit, withWidget } from "../../support/widgets.ts";

const fetchFrom = (origin: string | undefined, path = "/health", init: RequestInit = {}) =>
  exports.default.fetch(`http://platform.test${path}`, {
    ...init,
    headers: { ...(origin === undefined ? {} : { origin }), ...init.headers },
  });
const headersFrom = async (...made: Parameters<typeof fetchFrom>) => {
  const answer = await fetchFrom(...made);
  await answer.body?.cancel();
  return Object.fromEntries(answer.headers);
};
const allowed = "http://allowed.test";
const preflight = { method: "OPTIONS", headers: { "access-control-request-method": "POST" } };

describe("A page of another origin", () => {
  it("may read the answer, its telling headers included, when the origin is allowed", async () => {
    expect(await headersFrom(allowed)).toMatchObject({
      "access-control-allow-origin": allowed,
      "access-control-allow-credentials": "true",
      "access-control-expose-headers":
        "X-Request-ID,X-Database-Bookmark,ETag,Content-Range,Content-Disposition,Location,Retry-After,Idempotent-Replayed," +
        "WWW-Authenticate,X-GraphQL-Cost,X-Detached-Instances,X-RateLimit-Limit,X-RateLimit-Remaining,X-RateLimit-Reset," +
        "RateLimit,RateLimit-Policy",
      vary: "Origin",
    });
  });

  it("may be named in FRONTEND_URL as well as in ALLOWED_ORIGINS, several in each", () => {
    const settings = { ALLOWED_ORIGINS: "https://a.test", FRONTEND_URL: "https://b.test, https://c.test" };
    expect(settingsOf(settings).ALLOWED_ORIGINS).toEqual([
      "https://a.test",
      "https://b.test",
      "https://c.test",
    ]);
  });

  it("may read refusals as well", async () => {
    const refused = await headersFrom(allowed, "/api/v1/auth/session");
    expect(refused).toMatchObject({ "access-control-allow-origin": allowed, vary: "Origin" });
  });

  it("may read nothing when the origin is not allowed", async () => {
    for (const origin of ["http://evil.test", "null", ""]) {
      expect(await headersFrom(origin)).not.toHaveProperty("access-control-allow-origin");
      expect(await headersFrom(origin, "/health", preflight)).not.toHaveProperty(
        "access-control-allow-origin",
      );
    }
  });

  it("asks beforehand and is told what it may send", async () => {
    expect(await headersFrom(allowed, "/api/v1/auth/login", preflight)).toMatchObject({
      "access-control-allow-origin": allowed,
      "access-control-max-age": "600",
      "access-control-allow-methods": expect.stringContaining("POST"),
      vary: "Origin",
    });
  });
});

it.each(["/health", "/api/v1/auth/session", "/nowhere", "/assets/api-reference.js"])(
  "The answer of %s to anyone else says that it depends on the origin, so that no cache gives it to a page",
  async (path) => {
    const headers = await headersFrom(undefined, path);
    expect(headers).toMatchObject({
      vary: "Origin",
      "x-content-type-options": "nosniff",
      "x-request-id": expect.any(String),
    });
    expect(headers).not.toHaveProperty("access-control-allow-origin");
  },
);

describe("A page with a widget, whichever it is", () => {
  const page = "https://shop.example";
  const talk = "/api/v1/conversations";

  it("is told beforehand that it may ask for what is a visitor's, without anything that browsers add", async () => {
    for (const path of ["/api/v1/widgets/sessions", talk, `${talk}/some/messages`]) {
      const headers = await headersFrom(page, path, preflight);
      expect(headers).toMatchObject({ "access-control-allow-origin": page });
      expect(headers).not.toHaveProperty("access-control-allow-credentials");
    }
    for (const path of ["/api/v1/widgets", "/api/v1/conversationsx", "/api/v1/admin/conversations"])
      expect(await headersFrom(page, path, preflight)).not.toHaveProperty("access-control-allow-origin");
  });

  it("reads what is answered to its visitors, and nothing that is answered to an account", async () => {
    const { widget, owner } = await withWidget("cross_origin");
    const visitor = await visit(widget.key);
    const theirs = await headersFrom(page, talk, { headers: visitor.headers });
    expect(theirs).toMatchObject({ "access-control-allow-origin": page });
    const accounts = await headersFrom(page, talk, { headers: owner.headers });
    expect(accounts).not.toHaveProperty("access-control-allow-origin");
  });
});
