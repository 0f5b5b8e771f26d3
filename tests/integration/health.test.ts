import { expect, inject, it } from "vitest";

it("answers on its port with all Workers running", async () => {
  const response = await fetch(`${inject("baseUrl")}/health`);
  expect(response.status).toBe(200);
});
