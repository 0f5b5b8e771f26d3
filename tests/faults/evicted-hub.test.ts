import { evictDurableObject } from "cloudflare:test";
import { beforeEach, expect, it } from "vitest";
import { closeBreakers } from "../support/breakers.ts";
import { isEvent, say } from "../support/sockets.ts";
import { createUserWithSession } from "../support/users.ts";
import { readFrom, writing } from "../unit/realtime/text/writing.ts";

beforeEach(closeBreakers);

it("A hub that is evicted again and again in the middle of a text: its sockets stay, and so do their subscriptions, rooms and texts; nothing is missed and nothing comes twice", async () => {
  const { begin, watch, hub, clientId, owner } = await writing();
  const [reader, other] = [await watch(), await watch(await createUserWithSession(clientId))];
  for (const [index, { send, next }] of [reader, other].entries()) {
    send({ type: "command", event: "join_room", id: `join-${index}`, data: { room: "tea" } });
    await next(({ id }) => id === `join-${index}`);
  }
  const { work, answer, view } = await begin();
  const done = work();
  const { write, end } = await answer(0);
  const words = ["Tea ", "is ", "a ", "leaf, ", "dried ", "and ", "steeped."];
  for (const [index, word] of words.entries()) {
    write(word);
    await reader.reads(words.slice(0, index + 1).join(""));
    await evictDurableObject(hub);
    await say(clientId, `after-${index}`, owner.actor.userId);
    other.send({ type: "command", event: "room_message", data: { room: "tea", data: index } });
    await reader.next(isEvent(`after-${index}`));
    await reader.next(({ event, data }) => event === "room_message" && data?.data === index);
  }
  end();
  await done;
  const whole = words.join("");
  expect(readFrom(reader.frames)).toBe(whole);
  expect((await view()).steps[0]?.output).toMatchObject({ text: whole });
  expect(reader.socket.readyState).toBe(WebSocket.OPEN);
  const seqs = reader.frames.flatMap(({ seq }) => seq ?? []);
  expect(seqs).toEqual([...new Set(seqs)].toSorted((a, b) => a - b));
  const afters = reader.frames.flatMap(({ entity_id }) => (entity_id?.startsWith("after-") ? entity_id : []));
  expect(afters).toEqual(words.map((_, index) => `after-${index}`));
  const said = reader.frames.flatMap(({ event, data }) => (event === "room_message" ? [data?.data] : []));
  expect(said).toEqual(words.map((_, index) => index));
  // Nobody has come or gone but at the beginning.
  expect(reader.frames.filter(({ event }) => event === "presence.changed")).toHaveLength(2);
  // Each instance of the hub that has something to show begins with all there is, once.
  const texts = reader.frames.flatMap(({ event, data }) =>
    event === "execution.snapshot" ? [data?.text] : [],
  );
  expect(texts.length).toBeLessThanOrEqual(words.length + 1);
  expect(other.frames.some(({ event }) => event?.startsWith("execution."))).toBe(false);
});
