// A burst of events to every client of socket.io. `POST /` with `{first, count}` begins one.
import { createServer } from "node:http";
import { Server } from "socket.io";
import { burst, readJson } from "./burst.mjs";

const server = createServer(async (request, response) => {
  for (const event of burst(await readJson(request))) io.emit("event", event);
  response.end("{}");
});
const io = new Server(server, { transports: ["websocket"], perMessageDeflate: false });
server.listen(0, "127.0.0.1", () => process.send?.(`http://127.0.0.1:${server.address().port}`));
process.on("disconnect", () => process.exit(0));
