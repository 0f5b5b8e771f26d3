import { expect, it } from "vitest";
import { Texts } from "#durable-objects/tenant-hub/texts.ts";

const piece = {
  runId: "run",
  taskId: "run.write.main",
  step: "write",
  instanceId: null,
  ownerUserId: "user",
  attempt: 1,
  round: 1,
  offset: 0,
  text: "Tea",
};

const end = {
  seq: 1,
  event: "execution.task.completed",
  entity_id: "run",
  owner_user_id: "user",
  data: { task_id: piece.taskId },
  timestamp: "2026-11-27T00:00:00.000Z",
};

it("A piece that comes after the end of its task is shown to nobody, whoever watches", () => {
  const shown: string[] = [];
  const listener = {
    isBehind: false,
    wants: () => true,
    trySend: ({ text }: { text: string }) => shown.push(text) > 0,
  };
  const texts = new Texts(() => [listener]);
  texts.passed(end);
  expect(texts.publish([piece], 0)).toEqual([{ watched: false, have: 0 }]);
  expect(shown).toEqual([]);
  expect(texts.publish([{ ...piece, taskId: "run.other.main" }], 0)).toEqual([{ watched: true, have: 3 }]);
  expect(shown).toHaveLength(1);
});
