import { expect, it } from "vitest";
import { sourceFiles } from "./imports.ts";

/**
 * `slice` and its like cut a text in the middle of a character; on lists and bytes they do no harm. The two are
 * told apart by name: what is in the plural is a list, and so is what these methods give.
 */
const cut = /([\w$]+|\))\s*\.(?:slice|substring|substr)\(/g;
const givesList =
  /\.(?:filter|map|flatMap|split|sort|toSorted|entries|values)\($|\b(?:wordsOf|rankMemories)\($/;

/** Lists and bytes in the singular, and texts whose cuts are known to fall between characters. */
const known = new Set([
  "src/administration/user-import/sealed-text.ts: sealed", // bytes
  "src/administration/user-import/import-files.ts: )", // a list of rows
  "src/read-models/write-what-can-be.ts: part", // a list of messages
  "src/engine/plans/plan-graph.ts: trail", // a list of steps
  "src/kernel/predictable-secret.ts: text", // looked at, never passed on
  "src/identity/accounts/names.ts: name", // at a space
  "src/realtime/outflow.ts: asked", // a list of commands
  "src/personas/templates/check-schema.ts: path", // a list of keys
  "src/json-schema/formats.ts: text", // at an @
  "src/engine/expressions/expressions.ts: template", // at a tag's braces
  "src/imports/delimiter.ts: text", // looked at, never passed on
  "src/chat/other-clients/ui-message-stream.ts: text", // where a piece of the answer begins
  "src/objects/run-id.ts: id", // hexadecimal
  "src/objects/run-id.ts: runId",
  "src/objects/run-id.ts: )",
  "durable-objects/tenant-workflows/tasks/task-leases.ts: ]", // a list of tasks
  "workers/sandbox/anthropic/stream.ts: text", // a provider cuts where it likes
  "workers/sandbox/anthropic/stream.ts: half",
  "workers/sandbox/disturbed-answer.ts: text",
  "workers/gateway/routes/admin/workflow-runs.ts: found",
]);

/** Where the bracket that is closed at a place was opened. */
function openingOf(text: string, closing: number): number {
  let depth = 0;
  for (let at = closing; at >= 0; at--) {
    if (text[at] === ")") depth++;
    if (text[at] === "(" && --depth === 0) return at;
  }
  return 0;
}

function isList(text: string, receiver: string, at: number): boolean {
  if (receiver !== ")") return /s$/.test(receiver) && !/(?:ss|us|is)$/.test(receiver);
  return givesList.test(text.slice(0, openingOf(text, at) + 1));
}

it("Text is cut by src/text alone, never in the middle of a character (lists: name them in the plural)", () => {
  const offenders = sourceFiles("src", "durable-objects", "workers")
    .filter(({ path }) => !path.startsWith("src/text/") && path !== "client/src/api-types.ts")
    .flatMap(({ path, text }) =>
      [...text.matchAll(cut)]
        .filter(({ 1: receiver = "", index }) => !isList(text, receiver, index))
        .map(({ 1: receiver }) => `${path}: ${receiver}`),
    );
  expect(offenders.filter((offender) => !known.has(offender))).toEqual([]);
});
