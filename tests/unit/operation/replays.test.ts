import { expect, it } from "vitest";
import { operationsByName } from "../../support/all-operations.ts";
import { allOperations } from "../../support/operations.ts";

/** What is kept for repetitions, with answers as the document has them. */
const kept = (await allOperations()).filter(
  ({ id, method }) => method === "POST" && operationsByName.get(id)?.replays === "stored",
);

it("Many operations are kept", () => {
  expect(kept.length).toBeGreaterThan(20);
});

it.each(kept.map(({ id, answers }) => [id, answers] as const))(
  "What it gives is the same when it has been kept: %s",
  (id, answers) => {
    expect(answers).not.toHaveLength(0);
    for (const answer of answers) {
      // A dead letter may be anything, which the document does not make up.
      const given = id === "redriveDeadLetter" ? Object.assign({ body: { task_id: "x" } }, answer) : answer;
      expect(operationsByName.get(id)?.output.parse(given)).toStrictEqual(given);
    }
  },
);
