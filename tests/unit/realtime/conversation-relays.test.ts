import { describe, expect, it } from "vitest";
import { ConversationRelays } from "#durable-objects/tenant-hub/conversation-relays.ts";
import { type Caller, closeCodes, roomHearingSchema } from "#src/realtime/index.ts";

const caller: Caller = {
  ...{ clientId: "tenant", userId: "ada", role: "user", tier: "free", permissions: [] },
  ...{ sessionId: "s", expiresAt: 0 },
};
const id = "00000000-0000-7000-8000-000000000001";

/** A gateway whose sockets the test holds the other ends of. */
function world({ refuses = false, begins = true } = {}) {
  const asked: (number | undefined)[] = [];
  const ends: WebSocket[] = [];
  const told: string[] = [];
  const ended: string[] = [];
  const failures: string[] = [];
  const rooms = new Set([id]);
  const hearer = {
    caller,
    isOpen: true,
    send: (text: string) => void told.push(text),
  };
  const work: Promise<unknown>[] = [];
  const relays = new ConversationRelays<typeof hearer>({
    gateway: {
      fetch: async (_: RequestInfo | URL, init?: RequestInit) => {
        const given = new Headers(init?.headers).get("x-opening") ?? "";
        asked.push(roomHearingSchema.parse(JSON.parse(given)).since);
        if (refuses) return Response.json({ ok: false, code: "BANNED" }, { status: 403 });
        const { 0: client, 1: server } = new WebSocketPair();
        server.accept();
        if (!begins) server.close(1011, "broken");
        else
          server.send(JSON.stringify({ type: "event", event: "connection.established", data: { seq: 4 } }));
        ends.push(server);
        return new Response(null, { status: 101, webSocket: client });
      },
    },
    with: (one, does) => does(one),
    isIn: (_, conversationId) => rooms.has(conversationId),
    ended: (_, conversationId) => void ended.push(conversationId),
    waitUntil: (pending) => void work.push(pending),
    failed: (what) => void failures.push(what),
  });
  return { relays, hearer, asked, ends, told, ended, failures, rooms, settled: () => Promise.all(work) };
}

const happens = (end: WebSocket | undefined, seq: number) =>
  end?.send(JSON.stringify({ type: "event", event: "message.created", data: {}, seq, timestamp: "" }));

describe("A conversation that is heard by its room", () => {
  it("is told with its id, and with numbers that are none of the tenant's log", async () => {
    const { relays, hearer, ends, told } = world();
    expect(await relays.open(hearer, id)).toEqual({ ok: true, value: { seq: 4 } });
    happens(ends[0], 5);
    await expect.poll(() => told).toHaveLength(1);
    expect(JSON.parse(told[0] ?? "")).toEqual({
      ...{ type: "event", event: "message.created", data: {}, timestamp: "" },
      ...{ entity_id: id, log_seq: 5 },
    });
  });

  it("goes on from where it was when its socket breaks off", async () => {
    const { relays, hearer, ends, asked, told } = world();
    await relays.open(hearer, id, 2);
    happens(ends[0], 7);
    await expect.poll(() => told).toHaveLength(1);
    ends[0]?.close(1011, "broken");
    await expect.poll(() => ends).toHaveLength(2);
    happens(ends[1], 8);
    await expect.poll(() => told).toHaveLength(2);
    expect(asked).toEqual([2, 7]);
  });

  it("is not opened again where one may not hear it, and is not for ever where it breaks off each time", async () => {
    const banned = world();
    await banned.relays.open(banned.hearer, id);
    banned.ends[0]?.close(closeCodes.rightsLost, "no more");
    await expect.poll(() => banned.ended).toEqual([id]);
    expect(banned.ends).toHaveLength(1);
    const broken = world();
    await broken.relays.open(broken.hearer, id);
    for (let at = 0; at < 4; at++) {
      await expect.poll(() => broken.ends.length).toBeGreaterThan(at);
      broken.ends[at]?.close(1011, "broken");
    }
    await expect.poll(() => broken.ended).toEqual([id]);
    expect(broken.ends).toHaveLength(4);
  });

  it("is not heard by whoever has left while it was being opened again", async () => {
    const { relays, hearer, ends, rooms, told, settled } = world();
    await relays.open(hearer, id);
    rooms.delete(id);
    ends[0]?.close(1011, "broken");
    await expect.poll(() => ends).toHaveLength(2);
    await settled();
    await expect.poll(() => ends[1]?.readyState).toBeGreaterThan(WebSocket.OPEN);
    expect(told).toEqual([]);
  });

  it("is refused for now where its socket ends before it has begun; whoever was in the room is out of it", async () => {
    const { relays, hearer, ends, ended, failures } = world({ begins: false });
    expect(await relays.open(hearer, id)).toMatchObject({ ok: false, code: "UPSTREAM_UNAVAILABLE" });
    expect([ends.length, ended, failures.length]).toEqual([1, [id], 1]);
  });

  it("leaves it to the room who is there", async () => {
    const { relays, hearer, ends, told } = world();
    await relays.open(hearer, id);
    ends[0]?.send(JSON.stringify({ type: "event", event: "presence.changed", data: {}, timestamp: "" }));
    happens(ends[0], 5);
    await expect.poll(() => told).toHaveLength(1);
    expect(told[0]).toContain("message.created");
  });

  it("is refused as the gateway refuses it", async () => {
    const { relays, hearer } = world({ refuses: true });
    expect(await relays.open(hearer, id)).toMatchObject({ ok: false, code: "BANNED" });
  });
});
