import fc from "fast-check";
import { expect, it } from "vitest";
import { roles } from "#src/kernel/actor.ts";
import { oneTextStep } from "../../support/plans.ts";
import { connect, type Frame } from "../../support/sockets.ts";
import { startedTask } from "../../support/tasks.ts";
import { createUserWithSession } from "../../support/users.ts";

/** The first is whose the run is. */
const who = [...roles, "user"] as const;
const act = fc.record({
  by: fc.nat(who.length - 1),
  does: fc.constantFrom(
    "join_room" as const,
    "join_room" as const,
    "leave_room" as const,
    "room_message" as const,
  ),
  in: fc.constantFrom("tea", "milk", "run", "another's run", "project:1"),
});

let run = 0;

it("Whoever comes, goes and speaks: each is in the rooms that they may be in, and hears what is said there, and nothing else", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 30 }), async (acts) => {
      const clientId = `rooms_model_${run++}`;
      const users = await Promise.all(who.map((role) => createUserWithSession(clientId, { role })));
      const runOf = async (userId: string) =>
        `run:${(await startedTask(clientId, oneTextStep, {}, { userId })).correlationId}`;
      const own = await runOf(users[0]?.actor.userId ?? "");
      const others = await runOf("somebody-else");
      const sockets = await Promise.all(users.map((user) => connect(user)));
      const inside = new Map<string, Set<number>>();
      const heard: unknown[][] = who.map(() => []);
      const expected: unknown[][] = who.map(() => []);
      const ask = async (by: number, command: object, id: string): Promise<Frame> => {
        const socket = sockets[by];
        if (!socket) throw new Error("Nobody");
        socket.send({ type: "command", id, ...command });
        return socket.next((frame) => frame.id === id);
      };
      /** As docs/realtime.md says it. */
      const mayBeIn = (by: number, room: string) => {
        if (room === "project:1") return false;
        if (room === others) return who[by] === "admin";
        return room !== own || by === 0 || who[by] === "admin";
      };
      for (const [number, { by, does, in: place }] of acts.entries()) {
        const room = place === "run" ? own : place === "another's run" ? others : place;
        const members = inside.get(room) ?? new Set();
        inside.set(room, members);
        const wasIn = members.has(by);
        const isFine = does === "join_room" ? mayBeIn(by, room) : does === "leave_room" || wasIn;
        const { type } = await ask(by, { event: does, data: { room, data: number } }, `c${number}`);
        expect([does, room, type]).toEqual([does, room, isFine ? "response" : "error"]);
        if (isFine && does === "join_room") members.add(by);
        if (does === "leave_room") members.delete(by);
        if (isFine && does === "room_message")
          for (const member of members) expected[member]?.push([room, number]);
      }
      for (const [by, socket] of sockets.entries()) {
        await ask(by, { event: "ping" }, "end");
        for (const { event, type, data } of socket.frames)
          if (type === "event" && event === "room_message") heard[by]?.push([data?.room, data?.data]);
      }
      expect(heard).toEqual(expected);
    }),
    { numRuns: 15 },
  );
}, 60_000);
