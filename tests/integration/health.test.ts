import { request } from "node:http";
import { expect, inject, it } from "vitest";
import { checkedFetch } from "../support/outside.ts";

it("answers on its port with all Workers running", async () => {
  const baseUrl = inject("baseUrl");
  const response = await checkedFetch(baseUrl)(`${baseUrl}/health`);
  expect(response.status).toBe(200);
});

/** Status of a GET under a host name of one's own, as a page sends it whose name has been made to lead here. */
const statusUnder = (host: string, path: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const asked = request(`${inject("baseUrl")}${path}`, { headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.once("error", reject).end();
  });

it.each(["/cdn-cgi/handler/scheduled", "/cdn-cgi/local/scheduled", "/cdn-cgi/explorer", "/dev/mailbox"])(
  "refuses what is there for development under any name but this machine's: %s",
  async (path) => {
    expect(await statusUnder("rebound.example", path)).toBeOneOf([403, 404]);
    expect(await statusUnder("127.0.0.1", path)).toBe(200);
  },
);

it("has no trigger for cron but the one that is refused under other names", async () => {
  for (const host of ["rebound.example", "127.0.0.1"])
    expect(await statusUnder(host, "/__scheduled")).toBe(404);
});
