import { afterEach, describe, expect, it, vi } from "vitest";
import { Talk } from "#widget/talk.ts";
import { VisitorSession } from "#widget/visitor-session.ts";
import { ScriptedSocket, settle } from "../support/scripted-socket.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const message = {
  id: "m-1",
  seq: 1,
  parent_id: null,
  depth: 1,
  on_path: true,
  role: "assistant",
  sender_id: "p",
  content: "Green tea.",
  parts: [],
  attachments: [],
  status: "complete",
};
const conversation = { id: "c", status: "active", holder: "persona", satisfaction: null };

/** A widget in a conversation whose socket, clock and answers are the test's. */
async function resumed() {
  const sockets: ScriptedSocket[] = [];
  /** How often what is read fails from now on, by the end of its path. */
  const failures: Record<string, number> = {};
  const asked: string[] = [];
  vi.stubGlobal(
    "WebSocket",
    class extends ScriptedSocket {
      constructor(url: string) {
        super(url);
        sockets.push(this);
      }
    },
  );
  vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => {}, removeItem: () => {} });
  vi.stubGlobal("fetch", async (url: string) => {
    const { pathname } = new URL(url);
    asked.push(pathname);
    const name = pathname.split("/").at(-1) ?? "";
    if ((failures[name] ?? 0) > 0) {
      failures[name] = (failures[name] ?? 0) - 1;
      return Response.json({ error: { code: "SERVICE_UNAVAILABLE", message: "Busy" } }, { status: 503 });
    }
    if (name === "sessions")
      return Response.json({
        access_token: "t",
        expires_in: 900,
        visitor_token: "v",
        visitor_id: "v",
        conversation_id: "c",
        widget: {},
      });
    if (name === "messages") return Response.json({ messages: [message] });
    return Response.json(name === "c" ? conversation : message);
  });
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const session = new VisitorSession("http://platform.test", "key");
  await session.open();
  const talk = new Talk("http://platform.test", session, () => {});
  await talk.resume();
  await settle();
  const socket = sockets.at(-1);
  if (!socket) throw new Error("It has not connected");
  socket.greet({ epoch: "e", seq: 1 });
  return {
    talk,
    socket,
    failures,
    readings: () => asked.filter((path) => path.endsWith("/messages")).length,
  };
}

describe("What a widget has not heard", () => {
  it("is read again until it is read, where the platform does not answer", async () => {
    const { talk, socket, failures } = await resumed();
    talk.thread.clear();
    failures.messages = 5;
    socket.tell({ event: "history.gap", data: { since: 1, oldest: 9, epoch: "e" } });
    await settle();
    expect(talk.thread.lines).toEqual([]);
    await settle(60_000);
    expect(failures.messages).toBe(0);
    expect(talk.thread.lines.map(({ text }) => text)).toEqual(["Green tea."]);
  });

  it("of one answer is read again by itself", async () => {
    const { talk, socket, failures } = await resumed();
    failures["m-1"] = 3;
    const end = { message_id: "m-1", text_length: 99, sha256: "", usage: null };
    socket.tell({ event: "message.completed", data: end, seq: 2 });
    await settle(60_000);
    expect(failures["m-1"]).toBe(0);
    expect(talk.thread.of("m-1")).toMatchObject({ text: "Green tea.", status: "complete" });
  });

  it("is asked for no more once the conversation is closed", async () => {
    const { talk, socket, failures, readings } = await resumed();
    failures.messages = Number.POSITIVE_INFINITY;
    socket.tell({ event: "history.gap", data: { since: 1, oldest: 9, epoch: "e" } });
    await settle(1_000);
    talk.close();
    await settle(30_000);
    const then = readings();
    await settle(60_000);
    expect(readings()).toBe(then);
  });
});
