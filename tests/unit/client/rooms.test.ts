import { afterEach, expect, it, vi } from "vitest";
import { scriptedConnection, settle } from "../../support/scripted-socket.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const log = { epoch: "one", seq: 5 };
const join = { event: "join_room", data: { room: "tea" } };
const said = (data: unknown, room = "tea") => ({ event: "room_message", data: { room, data, from: "ada" } });
const refused = () => ({
  type: "error",
  error: "No such room",
  data: { details: "None", code: "NOT_FOUND" },
});

/** A connection in a room. */
async function inRoom() {
  const world = await scriptedConnection();
  const heard: unknown[] = [];
  const lost: unknown[] = [];
  const joining = world.connection.join("tea", {
    onMessage: ({ data }) => heard.push(data),
    onPresence: ({ user_id, status }) => heard.push(`${user_id} ${status}`),
    onLost: (error) => lost.push(error),
  });
  world.socket.greet(log);
  await settle();
  expect(world.socket.commands).toEqual([join]);
  return { ...world, world, joining, heard, lost };
}

it("Who is in a room hears what comes there from the answer on, and nothing of other rooms", async () => {
  const { world, joining, heard } = await inRoom();
  world.socket.answer();
  world.socket.tell(said("one"), said("elsewhere", "coffee"), {
    event: "presence.changed",
    data: { room: "tea", user_id: "bob", status: "joined" },
  });
  const room = await joining;
  expect([room.name, heard]).toEqual(["tea", ["one", "bob joined"]]);
});

it("What one says and asks goes to the room, once there is a connection again", async () => {
  const { world, joining } = await inRoom();
  world.socket.answer();
  const room = await joining;
  world.socket.cut();
  await settle();
  const sent = room.send({ cups: 2 });
  const present = room.present();
  await settle(10_000);
  world.socket.greet(log);
  await settle();
  expect(world.socket.commands).toEqual([join]);
  world.socket.answer();
  await settle();
  expect(world.socket.commands).toEqual([
    join,
    { event: "room_message", data: { room: "tea", data: { cups: 2 } } },
    { event: "presence", data: { room: "tea" } },
  ]);
  world.socket.answer(({ event }) => ({
    type: "response",
    data: event === "presence" ? { room: "tea", users: ["ada"] } : {},
  }));
  await sent;
  expect(await present).toEqual(["ada"]);
});

it("Who gives up waiting is not in the room, and says nothing", async () => {
  const { connection, socket } = await scriptedConnection();
  const given = new AbortController();
  const joining = connection.join("tea", { signal: given.signal });
  socket.greet(log);
  await settle();
  const isGiven = expect(joining).rejects.toBe("enough");
  given.abort("enough");
  await isGiven;
  expect(socket.commands).toEqual([join, { event: "leave_room", data: { room: "tea" } }]);
  await expect(connection.join("tea", { signal: given.signal })).rejects.toBe("enough");
  expect(socket.commands).toHaveLength(2);
});

it("Who gives up what is to be said before there is a connection has not said it", async () => {
  const { world, joining } = await inRoom();
  world.socket.answer();
  const room = await joining;
  world.socket.cut();
  await settle();
  const given = new AbortController();
  const { signal } = given;
  const areGiven = Promise.all(
    [room.send("late", { signal }), room.present({ signal })].map((said) =>
      expect(said).rejects.toBe("enough"),
    ),
  );
  given.abort("enough");
  await areGiven;
  await settle(10_000);
  world.socket.greet(log);
  world.socket.answer();
  await settle();
  expect(world.socket.commands).toEqual([join]);
});

it("What is not answered for 30 s cuts the connection, which comes back", async () => {
  const { world, joining } = await inRoom();
  world.socket.answer();
  const room = await joining;
  const { socket } = world;
  const isCut = expect(room.send("tea?")).rejects.toMatchObject({ isRefusal: false });
  await settle(10_000);
  socket.message({ type: "pong" });
  await settle(19_999);
  expect(socket.readyState).toBe(1);
  await settle(1);
  await isCut;
  await settle(10_000);
  expect(world.socket).not.toBe(socket);
});

it("Who comes again and is not let in is told, and hears no more", async () => {
  const { world, joining, heard, lost } = await inRoom();
  world.socket.answer();
  await joining;
  await world.comeAgain();
  world.socket.greet(log);
  await settle();
  world.socket.answer(refused);
  await settle();
  world.socket.tell(said("late"));
  expect([heard, lost]).toMatchObject([[], [{ name: "CommandError", isRefusal: true }]]);
  await world.comeAgain();
  world.socket.greet(log);
  await world.connection.ready;
  expect(world.socket.commands).toEqual([]);
});

it("Who is refused for now asks again, a few times", async () => {
  const notNow = () => ({
    type: "error",
    error: "Not now",
    data: { details: "", code: "UPSTREAM_UNAVAILABLE" },
  });
  const { world, joining } = await inRoom();
  world.socket.answer(notNow);
  await settle(1000);
  expect(world.socket.commands).toEqual([join, join]);
  world.socket.answer();
  expect((await joining).name).toBe("tea");
  const refused = await inRoom();
  const answers = (async () => {
    for (let count = 0; count < 4; count++) {
      refused.world.socket.answer(notNow);
      await settle(2000);
    }
  })();
  await expect(refused.joining).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
  await answers;
  expect(refused.world.socket.commands).toEqual([join, join, join, join]);
});

it("Whoever is in a room that ends is told, and comes into it no more", async () => {
  const { world, joining, heard, lost } = await inRoom();
  world.socket.answer();
  await joining;
  world.socket.tell({ event: "room.ended", data: { room: "coffee" } });
  expect(lost).toEqual([]);
  world.socket.tell({ event: "room.ended", data: { room: "tea" } }, said("late"));
  expect([heard, lost]).toMatchObject([[], [{ name: "CommandError", isRefusal: true }]]);
  await world.comeAgain();
  world.socket.greet(log);
  await world.connection.ready;
  expect(world.socket.commands).toEqual([]);
});

it("Who is not let in at all is told so; who is cut off meanwhile is let in with the next connection", async () => {
  const refusal = await inRoom();
  refusal.world.socket.answer(refused);
  await expect(refusal.joining).rejects.toMatchObject({ isRefusal: true, code: "NOT_FOUND" });
  const { world, joining } = await inRoom();
  await world.comeAgain();
  world.socket.greet(log);
  await settle();
  world.socket.answer();
  expect((await joining).name).toBe("tea");
});

it("Who closes the connection waits for no room any more", async () => {
  const { connection, joining } = await inRoom();
  connection.close();
  await expect(joining).rejects.toMatchObject({ isRefusal: false });
  await expect(connection.join("tea")).rejects.toMatchObject({ isRefusal: false });
});

it("A room is left when the last has left it who came in by this connection", async () => {
  const { world, joining } = await inRoom();
  const again = world.connection.join("tea");
  await settle();
  world.socket.answer();
  const [one, other] = [await joining, await again];
  await one.leave();
  expect(world.socket.commands).toEqual([join, join]);
  const left = other.leave();
  await settle();
  world.socket.answer();
  await left;
  expect(world.socket.commands.at(-1)).toEqual({ event: "leave_room", data: { room: "tea" } });
  await world.comeAgain();
  world.socket.greet(log);
  await settle();
  expect(world.socket.commands).toEqual([]);
});
