import { exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

describe("GET /health", () => {
  it("answers 200 when the database answers", async () => {
    const response = await exports.default.fetch("http://platform.test/health");
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ status: "healthy", service: "persona-gateway" });
  });
});
