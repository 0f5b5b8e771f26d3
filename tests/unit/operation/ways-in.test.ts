import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { updateUser } from "#src/administration/users/update-user.ts";
import { listRunsOfPlatform } from "#src/runs/administration/list-runs-of-platform.ts";
import { executeInstance } from "#src/runs/execution/execute-instance.ts";
import { stopInstance } from "#src/runs/execution/stop-instance.ts";
import { getRun } from "#src/runs/get-run.ts";
import { resumeRun } from "#src/runs/resume-run.ts";
import { tenantObject } from "../../support/objects.ts";
import { input, makeInstance, startRun } from "../../support/personas.ts";
import { createUser, type TestUser } from "../../support/users.ts";
import { type Answer, type Asked, byRest, inProcess, offer, overWebSocket } from "../../support/ways-in.ts";

const offered = Object.fromEntries([
  offer(executeInstance),
  offer(getRun),
  offer(listRunsOfPlatform),
  offer(resumeRun),
  offer(stopInstance),
  offer(updateUser),
]);

const ways = {
  rest: await byRest(),
  process: inProcess(offered),
  websocket: overWebSocket(offered),
};

/** Somebody's persona that executes something, and an administrator of the tenant. */
async function world(clientId: string) {
  const owner = await createUser(clientId);
  const admin = await createUser(clientId, { role: "admin" });
  const instance = await makeInstance(owner);
  return { clientId, owner, admin, instance: instance.id, run: await startRun(owner, instance.id) };
}
type World = Awaited<ReturnType<typeof world>>;

interface Case {
  what: string;
  by: "owner" | "admin";
  asked(world: World): Asked;
  /** How often it is asked for. */
  times?: number;
  answers: unknown[];
  audit?: string[];
  events?: string[];
}

const stop = ({ instance, run }: World): Asked => ({
  operation: "stopInstance",
  input: { params: { instance_id: instance }, body: { correlation_id: run, reason: "Enough" } },
});
const stopped = { instance_id: "<1>", stopped: ["<2>"], count: 1 };
const nobody = "0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c";

const cases: Case[] = [
  {
    what: "a success, with its audit row and its event",
    by: "admin",
    asked: stop,
    answers: [{ output: stopped, replayed: false }],
    audit: ["instance.stopped"],
    events: [
      "execution.task.cancelled",
      "execution.progress",
      "execution.cancelled",
      "instance.log",
      "instance.status.changed",
    ],
  },
  {
    what: "a success whose event leaves the outbox afterwards",
    by: "admin",
    asked: ({ owner }) => ({
      operation: "updateUser",
      input: { params: { user_id: owner.actor.userId }, body: { email_verified: true } },
    }),
    answers: [{ output: { id: "<1>", email_verified: true }, replayed: false }],
    audit: ["user.updated"],
    events: ["user.updated"],
  },
  {
    what: "a refusal by the policy",
    by: "owner",
    asked: () => ({ operation: "listRunsOfPlatform", input: { query: {} } }),
    answers: [{ refused: { error: "INSUFFICIENT_PERMISSIONS", details: { required_role: "admin" } } }],
  },
  {
    what: "a refusal by the check of the input",
    by: "owner",
    asked: ({ instance }) => ({
      operation: "executeInstance",
      input: { params: { instance_id: instance }, query: {}, body: { ...input, priority: "now", more: 1 } },
    }),
    answers: [
      {
        refused: { error: "VALIDATION_ERROR", details: { fields: [{ path: "priority" }, { path: "more" }] } },
      },
    ],
  },
  {
    what: "a thing whose name can be nothing's",
    by: "owner",
    asked: () => ({ operation: "getRun", input: { params: { correlation_id: "none" } } }),
    answers: [{ refused: { error: "NOT_FOUND" } }],
  },
  {
    what: "a refusal by the operation",
    by: "owner",
    asked: ({ run }) => ({
      operation: "resumeRun",
      input: { params: { correlation_id: run }, body: { approved: true } },
    }),
    answers: [{ refused: { error: "CONFLICT" } }],
  },
  {
    what: "a refusal of what is not there, which leaves nothing behind",
    by: "admin",
    asked: (world) => ({
      ...stop(world),
      input: { params: { instance_id: nobody }, body: {} },
    }),
    answers: [{ refused: { error: "NOT_FOUND" } }],
  },
  {
    what: "a repetition, which is told what was done",
    by: "admin",
    asked: (world) => ({ ...stop(world), key: "stop-once" }),
    times: 3,
    answers: [
      { output: stopped, replayed: false },
      { output: stopped, replayed: true },
      { output: stopped, replayed: true },
    ],
    audit: ["instance.stopped"],
    events: [
      "execution.task.cancelled",
      "execution.progress",
      "execution.cancelled",
      "instance.log",
      "instance.status.changed",
    ],
  },
  {
    what: "a repetition of what remembers its keys itself",
    by: "owner",
    asked: ({ instance }) => ({
      operation: "executeInstance",
      input: { params: { instance_id: instance }, query: {}, body: input },
      key: "execute-once",
    }),
    times: 2,
    answers: [
      { output: { correlation_id: "<1>" }, replayed: false },
      { output: { correlation_id: "<1>" }, replayed: true },
    ],
    events: [
      "execution.started",
      "execution.progress",
      "execution.task.dispatched",
      "instance.log",
      "instance.status.changed",
    ],
  },
  {
    what: "a key that is too long to be one",
    by: "owner",
    asked: ({ instance }) => ({
      operation: "executeInstance",
      input: { params: { instance_id: instance }, query: {}, body: input },
      key: "x".repeat(256),
    }),
    answers: [{ refused: { error: "VALIDATION_ERROR", details: { fields: [{ path: "Idempotency-Key" }] } } }],
  },
];

interface Trace {
  answers: Answer[];
  audit: { action: string }[];
  events: { event: string }[];
}

const auditRows = async (clientId: string) => {
  const { results } = await env.DB.prepare("SELECT * FROM audit_log WHERE client_id = ? ORDER BY id")
    .bind(clientId)
    .all<{ action: string }>();
  return results;
};

const logAfter = (clientId: string, since: number) =>
  tenantObject(clientId).readEvents({ since, limit: 500 });

/** Events after a number, as soon as there are as many; they come a moment after the answer. */
const eventsAfter = (clientId: string, since: number, { length }: readonly string[]) =>
  vi.waitUntil(async () => {
    const { events } = await logAfter(clientId, since);
    return events.length >= length && events;
  });

/** The same whichever tenant it is from and whenever it was: ids by the order in which they come up. */
function withoutIds(trace: Trace, clientId: string): Trace {
  const ids: string[] = [];
  const nameOf = (id: string) => {
    if (!ids.includes(id)) ids.push(id);
    return `<${ids.indexOf(id) + 1}>`;
  };
  const text = JSON.stringify(trace)
    .replaceAll(clientId, "<tenant>")
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, nameOf)
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>")
    .replaceAll(/"(created_at|seq|duration_ms)":\d+/g, '"$1":0')
    .replaceAll(/"trace_id":"[0-9a-f]{32}"/g, '"trace_id":"<trace>"');
  return JSON.parse(text);
}

/** What comes of a case by one of the ways. */
async function traceOf(
  way: keyof typeof ways,
  { by, asked, times = 1, events: told = [] }: Case,
  clientId: string,
): Promise<Trace> {
  const made = await world(clientId);
  const [before, { latest }] = [await auditRows(clientId), await logAfter(clientId, 0)];
  const user: TestUser = made[by];
  const answers: Answer[] = [];
  for (let time = 0; time < times; time++) answers.push(await ways[way](user, asked(made)));
  const audit = (await auditRows(clientId)).slice(before.length);
  const events = await eventsAfter(clientId, latest, told);
  return withoutIds({ answers, audit, events }, clientId);
}

describe("By every way in it is the same:", () => {
  it.each(cases.map((one, number) => ({ ...one, number })))("$what", async ({ number, ...one }) => {
    const [rest, process, websocket] = [
      await traceOf("rest", one, `ways_rest_${number}`),
      await traceOf("process", one, `ways_process_${number}`),
      await traceOf("websocket", one, `ways_socket_${number}`),
    ];
    expect(rest.answers).toMatchObject(one.answers);
    expect(rest.audit.map(({ action }) => action)).toEqual(one.audit ?? []);
    expect(rest.events.map(({ event }) => event)).toEqual(one.events ?? []);
    expect(process).toEqual(rest);
    expect(websocket).toEqual(rest);
  });
});
