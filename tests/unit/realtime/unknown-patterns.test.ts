import { expect, it } from "vitest";
import { eventCatalogue } from "#src/kernel/event-catalogue.ts";
import { unknownAmong } from "#src/realtime/unknown-patterns.ts";
import { connect } from "../../support/sockets.ts";
import { createUserWithSession } from "../../support/users.ts";

it.each([
  "execution.complete",
  "executions.*",
  "instance.execution.task.completed.*",
  "instance.status_changed",
])("%s fits no event", (pattern) => {
  expect(unknownAmong([pattern])).toEqual([pattern]);
});

it.each(["**", "*.*", "execution.**", "instance.execution.*", "instance.execution.completed", "instance.**"])(
  "%s fits some",
  (pattern) => {
    expect(unknownAmong([pattern])).toEqual([]);
  },
);

it("Each event of the catalogue is known by its name", () => {
  expect(unknownAmong(Object.keys(eventCatalogue))).toEqual([]);
});

it("Who subscribes is told which patterns fit nothing, and hears the others", async () => {
  const { subscribe, send, next } = await connect(await createUserWithSession("unknown_patterns"));
  expect((await subscribe("execution.complete", "execution.*")).data).toEqual({
    events: ["execution.complete", "execution.*"],
    watched: [],
    unknown: ["execution.complete"],
  });
  const watched = [{ entity_id: "run", events: ["execution.delta", "no.such"] }];
  send({ type: "command", event: "subscribe", id: "w", data: { watched } });
  expect((await next(({ id }) => id === "w")).data?.unknown).toEqual(["no.such"]);
});
