import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { olderPackets, olderWish } from "#src/conversations/index.ts";
import { packets, readPacket } from "#src/realtime/index.ts";

const id = "0197f3a0-0000-7000-8000-000000000001";
const wishOf = (event: string, ...values: unknown[]) =>
  olderWish({ type: "event", event, values, ack: "7" }, id, () => "made-up");

describe("A packet", () => {
  it.each([
    ["2", { type: "ping" }],
    ["3", { type: "pong" }],
    ["40", { type: "connect" }],
    ['40{"token":"t"}', { type: "connect" }],
    ["41", { type: "disconnect" }],
    ["1", { type: "disconnect" }],
    ['42["typing",{"typing":true}]', { type: "event", event: "typing", values: [{ typing: true }] }],
    [
      '4212["join-conversation","c"]',
      { type: "event", event: "join-conversation", values: ["c"], ack: "12" },
    ],
    ["430[]", { type: "nothing" }],
    ["6", { type: "nothing" }],
  ])("%s is read", (text, packet) => {
    expect(readPacket(text)).toEqual(packet);
  });

  it.each(["", "4", "9", "42", "42{}", "42[]", "42[1]", '42/admin,["a"]', "40/admin,", '451-["a"]', "x"])(
    "%j is none",
    (text) => {
      expect(readPacket(text)).toBeUndefined();
    },
  );

  it("is read or not, whatever comes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.nat(9), (text, digit) => {
        expect(() => readPacket(`${digit}${text}`)).not.toThrow();
      }),
    );
  });

  it("is read as it was written, whatever an event says", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 100 }), fc.jsonValue(), (event, value) => {
        const written = packets.event(event, value);
        const read = JSON.parse(JSON.stringify(value));
        expect(readPacket(written)).toEqual({ type: "event", event, values: [read] });
      }),
    );
  });
});

describe("An event of an older client", () => {
  it("joins and leaves the conversation that it has connected to, in both spellings, and no other", () => {
    expect(wishOf("join-conversation", id)).toEqual({ wants: "join", ack: "7" });
    expect(wishOf("leave-conversation", { conversationId: id })).toEqual({ wants: "leave", ack: "7" });
    expect(wishOf("join-conversation", "another")).toMatchObject({ wants: "nothing", ack: "7" });
  });

  it("sends a message under its own word, or one that is made for it", () => {
    const said = { conversationId: id, content: "Hello", messageType: "text", clientMessageId: "m-1" };
    const data = { client_message_id: "m-1", content: "Hello" };
    expect(wishOf("send-message", said)).toEqual({
      wants: "command",
      frame: JSON.stringify({ type: "command", event: "message.send", id: "send-message/7", data }),
    });
    expect(JSON.stringify(wishOf("send-message", { content: "Hello" }))).toContain("made-up");
  });

  it("that there is none of does nothing", () => {
    expect(wishOf("delete-everything", {})).toMatchObject({ wants: "nothing", ack: "7" });
    expect(wishOf("typing", 5)).toMatchObject({ wants: "nothing" });
  });
});

const message = {
  ...{ id: "m", seq: 3, parent_id: null, role: "user", sender_id: "u", content: "Hello", status: "complete" },
  ...{ attachments: [], created_at: "2026-11-28T12:00:00.000Z" },
};
const told = (event: string, data: object, more: object = {}) =>
  JSON.stringify({ type: "event", event, data, ...more });

describe("What older clients are told", () => {
  it("is each message with its words, by the names that they know", () => {
    const [packet = ""] = olderPackets(told("message.created", { message }), id, true);
    expect(readPacket(packet)).toMatchObject({
      event: "new-message",
      values: [
        {
          ...{ id: "m", conversationId: id, senderId: "u", content: "Hello", messageType: "text" },
          ...{ attachments: [], createdAt: "2026-11-28T12:00:00.000Z", seq: 3 },
        },
      ],
    });
  });

  it("is nothing before they have joined, of an answer that is still to be written, or of what they do not know", () => {
    expect(olderPackets(told("message.created", { message }), id, false)).toEqual([]);
    const pending = { message: { ...message, status: "pending" } };
    expect(olderPackets(told("message.created", pending), id, true)).toEqual([]);
    expect(olderPackets(told("receipt.changed", { person_id: "u" }), id, true)).toEqual([]);
  });

  it("is an error, and what it was of where that is asked for", () => {
    const refused = JSON.stringify({
      ...{ type: "error", event: "connection.error", error: "Refused", id: "send-message/7" },
      data: { details: "Too long", code: "VALIDATION_ERROR" },
    });
    const error = { message: "Too long", code: "VALIDATION_ERROR" };
    expect(olderPackets(refused, id, true)).toEqual([
      packets.event("error", error),
      packets.acknowledged("7", { error }),
    ]);
  });

  it("is that they are not to come back where their session has ended", () => {
    const closed = (code: number) => olderPackets(told("connection.closed", { code, reason: "r" }), id, true);
    expect(closed(4001)).toContain(packets.disconnected);
    expect(closed(1013)).not.toContain(packets.disconnected);
  });
});
