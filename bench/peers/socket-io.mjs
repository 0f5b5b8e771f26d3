// A burst of events to every client of socket.io, or to those of one tenant. `POST /` with `{first, count, tenant?}` begins one.
import { createServer } from "node:http";
import { Server } from "socket.io";
import { burst, readJson } from "./burst.mjs";

const server = createServer(async (request, response) => {
  const { tenant, ...asked } = await readJson(request);
  for (const event of burst(asked)) (tenant ? io.to(tenant) : io).emit("event", event);
  response.end("{}");
});
const io = new Server(server, { transports: ["websocket"], perMessageDeflate: false });
io.on("connection", (socket) => {
  const { tenant } = socket.handshake.query;
  if (tenant) socket.join(tenant);
});
server.listen(0, "127.0.0.1", () => process.send?.(`http://127.0.0.1:${server.address().port}`));
process.on("disconnect", () => process.exit(0));
