import { expect, it } from "vitest";
import { changeOf, shownOf } from "#console/pages/admin/conversation-settings.ts";

const formOf = (fields: Record<string, string>): FormData => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
};

it("What nobody has set is shown as what is usual", () => {
  expect(shownOf({ registration: "open" })).toEqual({
    ...{ isInTurn: false, idleMinutes: undefined, isReopened: true },
    ...{ archiveDays: undefined, retentionDays: undefined },
  });
});

it("What is left empty is taken out; nought is a number, and says for ever", () => {
  expect(changeOf(formOf({ assignment: "manual", idle: "", archive: " ", retention: "0" }))).toEqual({
    ...{ assignment: "manual", holder_idle_seconds: null, reopen_ended: false },
    ...{ archive_after_days: null, retention_days: 0 },
  });
  expect(changeOf(formOf({ idle: "0" })).holder_idle_seconds).toBe(0);
});

it("What is saved is shown again as it was written", () => {
  const written = { assignment: "round_robin", idle: "90", archive: "30", retention: "365", reopen: "on" };
  expect(shownOf(changeOf(formOf(written)))).toEqual({
    ...{ isInTurn: true, idleMinutes: 90, isReopened: true },
    ...{ archiveDays: 30, retentionDays: 365 },
  });
});
