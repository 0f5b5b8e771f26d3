import { expect, inject, it } from "vitest";
import { checkedFetch } from "../support/outside.ts";

it("answers on its port with all Workers running", async () => {
  const baseUrl = inject("baseUrl");
  const response = await checkedFetch(baseUrl)(`${baseUrl}/health`);
  expect(response.status).toBe(200);
});
