import { describe, expect, it } from "vitest";
import { Attendance } from "#durable-objects/conversation/attendance.ts";

/** Who hears a conversation, where time passes as the test says. */
function attended() {
  const told: string[] = [];
  const due: (() => void)[] = [];
  const attendance = new Attendance(
    (person, state) => told.push(`${person} ${state}`),
    (work) => due.push(work),
  );
  return { attendance, told, passes: () => due.splice(0).map((work) => work()) };
}

describe("Who hears a conversation", () => {
  it("is told of with their first socket, and no further one", () => {
    const { attendance, told } = attended();
    attendance.came("ada", true);
    attendance.came("ada", false);
    expect(told).toEqual(["ada online"]);
  });

  it("has gone ten seconds after their last socket was cut", () => {
    const { attendance, told, passes } = attended();
    attendance.came("ada", true);
    attendance.gone("ada", false);
    passes();
    attendance.gone("ada", true);
    expect([told.length, attendance.away]).toEqual([1, ["ada"]]);
    passes();
    expect([told, attendance.away]).toEqual([["ada online", "ada offline"], []]);
  });

  it("has not been away when they are there again before", () => {
    const { attendance, told, passes } = attended();
    attendance.came("ada", true);
    attendance.gone("ada", true);
    attendance.came("ada", true);
    passes();
    expect(told).toEqual(["ada online"]);
  });

  it("may be cut off twice: only the time since the last one counts", () => {
    const { attendance, told, passes } = attended();
    attendance.came("ada", true);
    attendance.gone("ada", true);
    attendance.came("ada", true);
    attendance.gone("ada", true);
    passes();
    expect(told).toEqual(["ada online", "ada offline"]);
  });
});
