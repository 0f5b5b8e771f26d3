import { spawnSync } from "node:child_process";
import { expect, inject, it } from "vitest";

/** `npm run demo`, against the platform, with what somebody types. */
function demo(typed: string, ...parameters: string[]) {
  const { status, stdout, stderr } = spawnSync("npm", ["run", "-s", "demo", "--", ...parameters], {
    encoding: "utf8",
    input: typed,
    env: { ...process.env, BASE_URL: inject("baseUrl") },
    timeout: 50_000,
  });
  return { status, said: stdout + stderr };
}

it("The demo shows each sub-task, says that it approves, and writes fuel as a figure", () => {
  const { status, said } = demo("", "tea");
  expect(status, said).toBe(0);
  for (const subTask of ["research", "illustration"])
    for (const state of ["running", "completed"]) expect(said).toContain(` ${subTask} ${state}`);
  expect(said).toContain("approves in your place");
  expect(said).toMatch(/review completed \(fuel \d+ of \d+\)/);
  expect(said).not.toMatch(/[{}]/);
});

it("With --ask the demo asks until the answer is yes or no, and does what is said", () => {
  const rejected = demo("perhaps\nno\n", "--ask", "tea");
  expect(rejected.said).not.toContain("in your place");
  expect(rejected.said.match(/Do you approve it\?/g)).toHaveLength(2);
  expect(rejected.said).toContain("WORKFLOW_REJECTED");
  expect(rejected.status, rejected.said).toBe(0);
  expect(demo("yes\n", "--ask", "tea").said).toMatch(/passed with/);
});

it("With --ask and nobody there the demo fails", () => {
  const { status, said } = demo("", "--ask", "tea");
  expect(said).toContain("Nobody answered");
  expect(status).toBe(1);
});

it("With watch the demo shows a run by polling, server-sent events and WebSocket, which tell the same", () => {
  const { status, said } = demo("", "watch", "tea");
  expect(status, said).toBe(0);
  for (const step of ["search", "write"]) expect(said.split(`${step} completed`)).toHaveLength(4);
  expect(said).toContain("All three have told the same: ");
});

it("The shop's demo makes orders, has a persona cancel one that it is allowed to, sells nothing that is not there, and tells how it has done", () => {
  const { status, said } = demo("", "shop");
  expect(said).toMatch(/It asks first: [\s\S]*Order \d+ is cancelled/);
  expect(said).toMatch(/5 orders are made, 15 are refused[\s\S]*In seven days: \d+ orders/);
  expect(status).toBe(0);
});

it("The chat's demo uses a tool, is taken over by a person, and goes on with the persona", () => {
  const { status, said } = demo("", "chat");
  expect(said).toMatch(
    /has used web_search[\s\S]*Ada here[\s\S]*gives the conversation back[\s\S]*Persona: {2}\S/,
  );
  expect(status, said).toBe(0);
});
