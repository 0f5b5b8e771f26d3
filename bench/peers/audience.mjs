// Sockets of several tenants that listen. For each question every tenant tells so many events, one after the other; the
// answer says how long each took to each socket, and what was lost or came in another order.
import WebSocket from "ws";

const { SAY_URL = "", SOCKET_URL = "", DIALECT } = process.env;
const [tenants, sockets] = [Number(process.env.TENANTS), Number(process.env.SOCKETS)];
const run = process.env.RUN;
const tenantOf = (number) => `${run}-${number % tenants}`;
/** So long an event may take before it counts as lost. */
const patienceMs = 30_000;
const atOnce = 25;

let [begun, missing, disordered] = [0, 0, 0];
let latencies = [];
let isThere = () => {};

function hear(socket, seq) {
  latencies.push(performance.now() - begun);
  if (socket.seq !== undefined && seq !== socket.seq + 1) disordered++;
  socket.seq = seq;
  if (--missing === 0) isThere();
}

/** What socket.io's own client would do with a packet, beside parsing it: open, connect, stay alive. */
function hearSocketIo(socket, text, ready) {
  if (text.startsWith("42")) hear(socket, JSON.parse(text.slice(2))[1].seq);
  else if (text.startsWith("40")) ready();
  else if (text.startsWith("0")) socket.send("40");
  else if (text === "2") socket.send("3");
}

function hearFrame(socket, frame, ready) {
  if (frame.seq) hear(socket, frame.seq);
  else if (frame.type === "response") ready();
}

function open(number) {
  const query = `${SOCKET_URL.includes("?") ? "&" : "?"}socket=${number}&tenant=${tenantOf(number)}`;
  const socket = new WebSocket(SOCKET_URL + query, { perMessageDeflate: false });
  return new Promise((resolve) => {
    socket.on("error", () => resolve(false));
    socket.on("close", () => resolve(false));
    const ready = () => resolve(true);
    socket.on("open", () => {
      if (DIALECT === "ws") ready();
      const data = { events: ["system.*"] };
      if (DIALECT === "events")
        socket.send(JSON.stringify({ type: "command", event: "subscribe", id: "s", data }));
    });
    socket.on("message", (data) => {
      if (DIALECT === "socket.io") hearSocketIo(socket, String(data), ready);
      else hearFrame(socket, JSON.parse(String(data)), ready);
    });
  });
}

async function say(tenant, first) {
  const answer = await fetch(SAY_URL, { method: "POST", body: JSON.stringify({ tenant, first, count: 1 }) });
  if (!answer.ok) throw new Error(`${SAY_URL} answered ${answer.status}`);
  await answer.text();
}

let connected = 0;
for (let number = 0; number < sockets; number += atOnce) {
  const length = Math.min(atOnce, sockets - number);
  const opened = await Promise.all(Array.from({ length }, (_, index) => open(number + index)));
  connected += opened.filter(Boolean).length;
}

let first = 1;
process.on("message", async ({ events }) => {
  [latencies, disordered] = [[], 0];
  let lost = 0;
  for (let event = 0; event < events; event++, first++) {
    missing = connected;
    const heard = new Promise((resolve) => {
      isThere = resolve;
    });
    begun = performance.now();
    const late = setTimeout(isThere, patienceMs);
    await Promise.all(Array.from({ length: tenants }, (_, number) => say(tenantOf(number), first)));
    await heard;
    clearTimeout(late);
    lost += missing;
  }
  const sorted = latencies.sort((a, b) => a - b);
  const part = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  process.send?.({ connected, lost, disordered, p50: part(0.5), p99: part(0.99) });
});
process.on("disconnect", () => process.exit(0));
process.send?.("ready");
