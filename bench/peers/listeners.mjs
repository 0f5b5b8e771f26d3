// Many sockets that listen: each call asks for a burst of events and ends when the last socket has the last one.
import WebSocket from "ws";
import { serve } from "./peer.mjs";

const { BURST_URL = "", SOCKET_URL = "", DIALECT, PIECE } = process.env;
const [sockets, events] = [Number(process.env.SOCKETS), Number(process.env.EVENTS)];
/** How far each socket has each text. */
const heardOf = new Map();
let missing = 0;
let isThere = () => {};

/** What socket.io's own client would do with a packet, beside parsing it: open, connect, stay alive. */
function hearSocketIo(socket, text, ready) {
  if (text.startsWith("42")) return JSON.parse(text.slice(2)) && hearEvent();
  if (text.startsWith("40")) return ready();
  if (text.startsWith("0")) return socket.send("40");
  if (text === "2") socket.send("3");
}

function hear(socket, frame, ready) {
  if (frame.frames) for (const one of frame.frames) hear(socket, one, ready);
  else if (frame.data?.offset !== undefined) hearText(socket, frame.data);
  else if (frame.seq) hearEvent();
  else if (frame.event === "connection.ping")
    socket.send(JSON.stringify({ type: "command", event: "pong", id: frame.id }));
  else if (frame.type === "response") ready();
}

function hearEvent(count = 1) {
  missing -= count;
  if (missing <= 0) isThere();
}

/** Counts the pieces that are new: who lags hears several in one frame, or begins with a snapshot. */
function hearText(socket, { task_id, offset, text }) {
  const heard = heardOf.get(socket) ?? new Map();
  heardOf.set(socket, heard);
  const end = offset + text.length;
  const before = heard.get(task_id) ?? 0;
  if (end <= before) return;
  heard.set(task_id, end);
  hearEvent((end - before) / Number(PIECE));
}

function open(number) {
  const query = `${SOCKET_URL.includes("?") ? "&" : "?"}socket=${number}`;
  const socket = new WebSocket(SOCKET_URL + query, { perMessageDeflate: false });
  const isBare = !SOCKET_URL.includes("/platform");
  return new Promise((resolve, reject) => {
    socket.on("error", reject);
    // Whoever is closed hears no more: that is no figure, and not to be waited for.
    socket.on("close", (code, reason) => {
      throw new Error(`Socket ${number} of ${SOCKET_URL} was closed: ${code} ${reason}`);
    });
    socket.on("open", () => {
      const data = { events: ["system.*", "execution.*"] };
      if (DIALECT === "events" && isBare) resolve();
      else if (DIALECT === "events")
        socket.send(JSON.stringify({ type: "command", event: "subscribe", id: "s", data }));
    });
    socket.on("message", (data) => {
      if (DIALECT === "socket.io") hearSocketIo(socket, String(data), resolve);
      else hear(socket, JSON.parse(String(data)), resolve);
    });
  });
}

for (let number = 0; number < sockets; number++) await open(number);

/** Longer than the slowest burst takes on a busy machine. */
const patienceMs = 120_000;

let first = 1;
serve(async () => {
  missing = sockets * events;
  let told = "asked for";
  const late = setTimeout(() => {
    throw new Error(`${BURST_URL}: of the events from ${first}, ${told}, ${missing} have not been heard`);
  }, patienceMs);
  const heard = new Promise((resolve) => {
    isThere = resolve;
  });
  const answer = await fetch(BURST_URL, { method: "POST", body: JSON.stringify({ first, count: events }) });
  if (!answer.ok) throw new Error(`${BURST_URL} answered ${answer.status}`);
  await answer.text();
  told = "told";
  await heard;
  clearTimeout(late);
  first += events;
});
