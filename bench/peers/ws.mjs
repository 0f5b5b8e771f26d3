// A burst of events to every client of `ws`, made into a frame once. `POST /` with `{first, count}` begins one.
import { createServer } from "node:http";
import { WebSocketServer } from "ws";
import { burst, readJson } from "./burst.mjs";

const server = createServer(async (request, response) => {
  for (const event of burst(await readJson(request))) {
    const frame = JSON.stringify({ type: "event", ...event });
    for (const client of sockets.clients) client.send(frame);
  }
  response.end("{}");
});
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
server.listen(0, "127.0.0.1", () => process.send?.(`http://127.0.0.1:${server.address().port}`));
process.on("disconnect", () => process.exit(0));
