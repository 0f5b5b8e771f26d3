import { describe, expect, it } from "vitest";
import { call } from "../support/api.ts";

describe("GET /health", () => {
  it("answers 200 when the database answers", async () => {
    const response = await call("/health");
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ status: "healthy", service: "persona-gateway" });
  });
});
