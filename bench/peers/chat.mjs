// Express 5 and socket.io with SQLite: what is sent is stored, told to the room, and acknowledged.
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import express from "express";
import { Server } from "socket.io";

const directory = mkdtempSync(join(tmpdir(), "bench-chat-"));
const database = new DatabaseSync(join(directory, "chat.sqlite"));
database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
database.exec(
  "CREATE TABLE messages (seq INTEGER PRIMARY KEY, id TEXT NOT NULL, conversation TEXT NOT NULL, sender TEXT NOT NULL, content TEXT NOT NULL, at INTEGER NOT NULL)",
);
const insert = database.prepare(
  "INSERT INTO messages (id, conversation, sender, content, at) VALUES (?, ?, ?, ?, ?)",
);

const server = createServer(express());
const io = new Server(server, { transports: ["websocket"], perMessageDeflate: false });
io.on("connection", (socket) => {
  socket.on("join-conversation", (conversation, acknowledge) => {
    socket.join(conversation);
    acknowledge(true);
  });
  socket.on("send-message", ({ conversationId, content }, acknowledge) => {
    const message = {
      id: randomUUID(),
      conversationId,
      senderId: socket.id,
      content,
      messageType: "text",
      attachments: [],
      createdAt: new Date().toISOString(),
    };
    insert.run(message.id, conversationId, socket.id, content, Date.now());
    io.to(conversationId).emit("new-message", message);
    acknowledge(message);
  });
});
server.listen(0, "127.0.0.1", () => process.send?.(`http://127.0.0.1:${server.address().port}`));
process.on("disconnect", () => {
  database.close();
  rmSync(directory, { recursive: true, force: true });
  process.exit(0);
});
