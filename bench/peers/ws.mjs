// A burst of events to every client of `ws`, or to those of one tenant, made into a frame once. `POST /` with
// `{first, count, tenant?}` begins one.
import { createServer } from "node:http";
import { WebSocketServer } from "ws";
import { burst, readJson } from "./burst.mjs";

const server = createServer(async (request, response) => {
  const { tenant, ...asked } = await readJson(request);
  for (const event of burst(asked)) {
    const frame = JSON.stringify({ type: "event", ...event });
    for (const client of tenant ? (tenants.get(tenant) ?? []) : sockets.clients) client.send(frame);
  }
  response.end("{}");
});
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
const tenants = new Map();
sockets.on("connection", (client, request) => {
  const tenant = new URL(request.url, "http://peer").searchParams.get("tenant");
  const own = tenants.get(tenant) ?? new Set();
  tenants.set(tenant, own.add(client));
  client.on("close", () => own.delete(client));
});
server.listen(0, "127.0.0.1", () => process.send?.(`http://127.0.0.1:${server.address().port}`));
process.on("disconnect", () => process.exit(0));
