// Clients of conversations, with socket.io's own client. `{open}` connects sockets; `{send}` has some of them write, so many
// messages in all and so many of each on their way at once, and ends when everybody has heard all of them.
import { io } from "socket.io-client";

const sockets = [];
const atOnce = 10;

function open({ url, path, conversation, token, as }) {
  const socket = io(url, {
    path,
    transports: ["websocket"],
    forceNew: true,
    reconnection: false,
    query: { conversation, as },
    extraHeaders: token ? { authorization: `Bearer ${token}` } : {},
  });
  const member = { socket, conversation, heard: 0, waiting: new Map() };
  socket.on("error", (error) => {
    console.error(error);
    process.exit(1);
  });
  socket.on("new-message", ({ content }) => {
    member.heard++;
    member.waiting.get(content)?.();
    member.onHeard?.();
  });
  return new Promise((resolve, reject) => {
    socket.on("connect_error", reject);
    socket.on("connect", async () => {
      await socket.emitWithAck("join-conversation", conversation);
      sockets.push(member);
      resolve();
    });
  });
}

let number = 0;

/** Until its own echo is there. */
async function write({ socket, conversation, waiting }) {
  const content = `${++number} ${"hello world ".repeat(10)}`;
  const begun = performance.now();
  const echo = new Promise((resolve) => waiting.set(content, resolve));
  const acknowledged = socket.emitWithAck("send-message", { conversationId: conversation, content });
  await echo;
  const took = performance.now() - begun;
  await acknowledged;
  waiting.delete(content);
  return took;
}

async function send({ writers, messages, inFlight }) {
  const ofEach = messages / writers.length;
  const written = new Map();
  for (const index of writers) {
    const { conversation } = sockets[index];
    written.set(conversation, (written.get(conversation) ?? 0) + ofEach);
  }
  const all = Promise.all(
    sockets.map((member) => {
      const wanted = member.heard + (written.get(member.conversation) ?? 0);
      return new Promise((resolve) => {
        member.onHeard = () => member.heard >= wanted && resolve();
        member.onHeard();
      });
    }),
  );
  const took = [];
  const begun = performance.now();
  await Promise.all(
    writers.map(async (index) => {
      let left = ofEach;
      const lane = async () => {
        while (left-- > 0) took.push(await write(sockets[index]));
      };
      await Promise.all(Array.from({ length: inFlight }, lane));
    }),
  );
  await all;
  const seconds = (performance.now() - begun) / 1000;
  took.sort((a, b) => a - b);
  const heard = sockets.reduce((sum, { conversation }) => sum + (written.get(conversation) ?? 0), 0);
  return {
    median: took[Math.floor(took.length / 2)] ?? 0,
    perSecond: messages / seconds,
    heardPerSecond: heard / seconds,
  };
}

process.on("message", async ({ open: opening, send: sending }) => {
  try {
    for (let first = 0; first < (opening?.length ?? 0); first += atOnce)
      await Promise.all(opening.slice(first, first + atOnce).map(open));
    process.send?.(sending ? await send(sending) : { median: 0, perSecond: 0, heardPerSecond: 0 });
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
});
process.on("disconnect", () => process.exit(0));
process.send?.("ready");
