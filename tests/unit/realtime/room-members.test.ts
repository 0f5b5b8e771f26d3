import { describe, expect, it } from "vitest";
import { type Member, Rooms } from "#durable-objects/tenant-hub/rooms.ts";
import { awayMs } from "#src/realtime/rooms.ts";

/** Rooms whose time is told by `pass`. */
function someRooms() {
  const told: string[] = [];
  const due: { work: () => void; ms: number }[] = [];
  const rooms = new Rooms<Member>(
    (room, userId, status) => told.push(`${userId} ${status} ${room}`),
    (work, ms) => due.push({ work, ms }),
  );
  const pass = () => {
    for (const { work } of due.splice(0)) work();
  };
  const come = (userId: string, ...names: string[]): Member => {
    const member = { caller: { userId }, rooms: names };
    for (const name of names) rooms.join(member, name);
    return member;
  };
  return { rooms, told, due, pass, come };
}

describe("Somebody in a room", () => {
  it("comes with the first connection and leaves with the last one", () => {
    const { rooms, told, come } = someRooms();
    const [first, second] = [come("ada", "tea"), come("ada", "tea")];
    rooms.leave(first, "tea");
    expect([told, rooms.usersIn("tea")]).toEqual([["ada joined tea"], ["ada"]]);
    rooms.leave(second, "tea");
    expect([told, rooms.usersIn("tea")]).toEqual([["ada joined tea", "ada left tea"], []]);
  });

  it("who is cut off and comes back in time has not been away", () => {
    const { rooms, told, due, pass, come } = someRooms();
    rooms.gone(come("ada", "tea"));
    expect([rooms.usersIn("tea"), due.map(({ ms }) => ms)]).toEqual([["ada"], [awayMs]]);
    come("ada", "tea");
    pass();
    expect([told, rooms.usersIn("tea")]).toEqual([["ada joined tea"], ["ada"]]);
  });

  it("who is cut off and does not come back leaves, once and of every room", () => {
    const { rooms, told, pass, come } = someRooms();
    const member = come("ada", "tea", "milk");
    rooms.gone(member);
    rooms.gone(member);
    pass();
    expect(told.slice(2)).toEqual(["ada left tea", "ada left milk"]);
    expect(rooms.usersIn("tea")).toEqual([]);
  });

  it("who is cut off twice has the whole time after the second", () => {
    const { rooms, told, due, come } = someRooms();
    rooms.gone(come("ada", "tea"));
    rooms.gone(come("ada", "tea"));
    due[0]?.work();
    expect(told).toEqual(["ada joined tea"]);
    due[1]?.work();
    expect(told).toEqual(["ada joined tea", "ada left tea"]);
  });
});
