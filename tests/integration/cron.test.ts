import { createServer } from "node:http";
import { expect, it } from "vitest";
import { fireCron } from "#scripts/local/cron.ts";
import { eventually } from "../support/outside.ts";

/** A server that notes what it is asked for, and answers with these statuses, then 200. */
async function noting(...statuses: number[]) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(statuses.shift() ?? 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = address && typeof address === "object" ? address.port : 0;
  return { asked, baseUrl: `http://127.0.0.1:${port}`, close: () => server.close() };
}

it("The local cron trigger fires at once and goes on after a failure, until it is stopped", async () => {
  const { asked, baseUrl, close } = await noting(500);
  const stop = fireCron(baseUrl, 50);
  await eventually(async () => (asked.length >= 3 ? true : undefined));
  stop();
  close();
  expect(new Set(asked)).toEqual(new Set(["/cdn-cgi/handler/scheduled"]));
});
