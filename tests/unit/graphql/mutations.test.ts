import { describe, expect, it } from "vitest";
import { globalId } from "#src/graphql/global-id.ts";
import { send } from "../../support/api.ts";
import { codesOf, graphqlRequest, query } from "../../support/graphql.ts";
import { asGraphql, everythingOf } from "../../support/graphql-parity.ts";
import { type Instance, makeInstance, makeTemplate, startRun } from "../../support/personas.ts";
import { createUser, type TestUser } from "../../support/users.ts";

/** Somebody with a project, a template, a persona and what it executes. */
async function world(clientId: string) {
  const user = await createUser(clientId);
  const template = await makeTemplate(clientId);
  const instance: Instance = await makeInstance(user);
  const made = await send("POST", "/api/v1/projects", { name: "Mine" }, user.headers);
  const { id: project } = await made.json<{ id: string }>();
  const run = await startRun(user, instance.id);
  return { user, template: template.id, instance: instance.id, project, run };
}
type World = Awaited<ReturnType<typeof world>>;

const nothing = "0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c";

interface Twin {
  what: string;
  /** The request of REST. */
  rest(made: World): [method: string, path: string, body?: unknown];
  /** The field of GraphQL, and its variables. */
  field: string;
  variables(made: World): { id?: string; input?: unknown };
  /** What it gives: a type of the schema, unless it is refused. */
  type?: string;
  code?: string;
}

const create = "createProject(input: $input)";
const project = (id: string) => `/projects/${id}`;
const instance = (id: string) => `/personas/instances/${id}`;

const twins: Twin[] = [
  {
    what: "a project is made",
    rest: () => ["POST", "/projects", { name: "New", description: "Of tea" }],
    field: create,
    variables: () => ({ input: { name: "New", description: "Of tea" } }),
    type: "Project",
  },
  {
    what: "a project whose name is taken is not",
    rest: () => ["POST", "/projects", { name: "Mine" }],
    field: create,
    variables: () => ({ input: { name: "Mine" } }),
    code: "CONFLICT",
  },
  {
    what: "a project without a name is not",
    rest: () => ["POST", "/projects", { name: "  " }],
    field: create,
    variables: () => ({ input: { name: "  " } }),
    code: "VALIDATION_ERROR",
  },
  {
    what: "a project is changed",
    rest: (made) => ["PUT", project(made.project), { name: "Other" }],
    field: "updateProject(id: $id, input: $input)",
    variables: (made) => ({ id: made.project, input: { name: "Other" } }),
    type: "Project",
  },
  {
    what: "a project that is not there is not changed",
    rest: () => ["PUT", project(nothing), { name: "Other" }],
    field: "updateProject(id: $id, input: $input)",
    variables: () => ({ id: nothing, input: { name: "Other" } }),
    code: "NOT_FOUND",
  },
  {
    what: "a persona is made",
    rest: (made) => [
      "POST",
      "/personas/instances",
      { template_id: made.template, name: "Her", project_id: made.project, config: { temperature: 0.2 } },
    ],
    field: "createPersona(input: $input)",
    variables: (made) => ({
      input: {
        templateId: made.template,
        name: "Her",
        projectId: globalId("Project", made.project),
        config: { temperature: 0.2 },
      },
    }),
    type: "PersonaInstance",
  },
  {
    what: "a persona without a name is not",
    rest: (made) => ["POST", "/personas/instances", { template_id: made.template }],
    field: "createPersona(input: $input)",
    variables: (made) => ({ input: { templateId: made.template } }),
    code: "VALIDATION_ERROR",
  },
  {
    what: "a persona is changed, and leaves its project",
    rest: (made) => ["PUT", instance(made.instance), { name: "Him", project_id: null }],
    field: "updatePersona(id: $id, input: $input)",
    variables: (made) => ({ id: made.instance, input: { name: "Him", projectId: null } }),
    type: "PersonaInstance",
  },
  {
    what: "what a persona executes is stopped",
    rest: (made) => ["POST", `${instance(made.instance)}/stop`, { reason: "Enough" }],
    field: "stopPersona(id: $id, input: $input)",
    variables: (made) => ({ id: made.instance, input: { reason: "Enough" } }),
    type: "StoppedPersona",
  },
  {
    what: "a run that waits for nobody is not answered",
    rest: (made) => ["POST", `/personas/runs/${made.run}/resume`, { approved: true }],
    field: "resumeRun(id: $id, input: $input)",
    variables: (made) => ({ id: globalId("Run", made.run), input: { approved: true } }),
    code: "CONFLICT",
  },
  {
    what: "input that its template does not take is not executed",
    rest: (made) => ["POST", `${instance(made.instance)}/execute`, { input: { topic: 5 } }],
    field: "executePersona(id: $id, input: $input)",
    variables: (made) => ({ id: made.instance, input: { input: { topic: 5 } } }),
    code: "VALIDATION_ERROR",
  },
  {
    what: "a persona that is not there is not deleted",
    rest: () => ["DELETE", instance(nothing)],
    field: "deletePersona(id: $id)",
    variables: () => ({ id: nothing }),
    code: "NOT_FOUND",
  },
  {
    what: "a project is deleted",
    rest: (made) => ["DELETE", project(made.project)],
    field: "deleteProject(id: $id)",
    variables: (made) => ({ id: made.project }),
  },
];

const inputTypes: Readonly<Record<string, string>> = {
  createProject: "CreateProjectInput!",
  updateProject: "UpdateProjectInput!",
  createPersona: "CreatePersonaInput!",
  updatePersona: "UpdatePersonaInput!",
  stopPersona: "StopPersonaInput",
  executePersona: "ExecutePersonaInput",
  resumeRun: "ResumeRunInput!",
};

const selectionOf = (field: string, type: string | undefined): string => {
  if (type) return everythingOf(type);
  if (field.startsWith("deletePersona")) return "";
  return field.startsWith("deleteProject") ? "{ detachedInstances }" : "{ id }";
};

/** Changes by GraphQL. */
async function mutate(
  user: TestUser,
  field: string,
  type: string | undefined,
  variables: Record<string, unknown>,
) {
  const input = inputTypes[field.split("(")[0] ?? ""];
  const declared = [
    field.includes("$id") ? "$id: ID!" : "",
    field.includes("$input") ? `$input: ${input}` : "",
  ].join(" ");
  return query(user, `mutation (${declared}) { changed: ${field} ${selectionOf(field, type)} }`, variables);
}

/** The same whichever world it is of: without ids and times. */
const withoutNames = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value)
      .replaceAll(/twins_(?:rest|graphql)_\d+/g, "tenant")
      .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "id")
      .replaceAll(/"id":"[\w-]{40,}"/g, '"id":"id"')
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "time"),
  );

describe("By GraphQL as by REST", () => {
  it.each(twins.map((twin, number) => ({ ...twin, number })))(
    "$what",
    async ({ number, rest, field, variables, type, code }) => {
      const [one, other] = [await world(`twins_rest_${number}`), await world(`twins_graphql_${number}`)];
      const [method, path, body] = rest(one);
      const answer = await send(method, `/api/v1${path}`, body, one.user.headers);
      const byRest = answer.status === 204 ? null : await answer.json<Record<string, unknown>>();
      const byGraphql = await mutate(other.user, field, type, variables(other));
      if (code) {
        expect(byRest).toMatchObject({ error: code });
        const [error] = byGraphql.errors ?? [];
        expect(error).toMatchObject({ path: ["changed"], extensions: { code, status: answer.status } });
        expect([error?.message, withoutNames(error?.extensions.details ?? null)]).toEqual([
          byRest?.message,
          withoutNames(byRest?.details ?? null),
        ]);
        return;
      }
      expect(codesOf(byGraphql)).toEqual([]);
      expect(answer.ok).toBe(true);
      if (type)
        expect(withoutNames(byGraphql.data)).toEqual(withoutNames({ changed: asGraphql(type, byRest) }));
    },
  );
});

describe("A persona", () => {
  it("executes, and is deleted with what it executes", async () => {
    const { user, instance: id } = await world("graphql_executes");
    const execute =
      'mutation ($id: ID!) { executePersona(id: $id, input: { input: { topic: "tea" } }, wait: 0) { id correlationId status steps { name } persona { name } } }';
    const { data, errors } = await query(user, execute, { id });
    expect(errors).toBeUndefined();
    const run = Object(data).executePersona;
    expect(run).toMatchObject({ status: "RUNNING", persona: { name: "Mine" } });
    expect(run.id).toBe(globalId("Run", run.correlationId));
    expect(run.steps.length).toBeGreaterThan(0);
    const gone = await query(user, "mutation ($id: ID!) { deletePersona(id: $id) }", { id });
    expect(gone.data).toEqual({ deletePersona: globalId("PersonaInstance", id) });
    const after = await query(user, `{ persona(id: "${id}") { name } run(id: "${run.id}") { status } }`);
    expect([after.data, codesOf(after)]).toEqual([
      { persona: null, run: { status: "CANCELLED" } },
      ["NOT_FOUND"],
    ]);
  });
});

describe("What is asked for twice under one key is done once:", () => {
  const document = "mutation ($name: String!) { createProject(input: { name: $name }) { id } }";

  it("by the header, for one change, also when REST has done it", async () => {
    const user = await createUser("graphql_keys");
    const key = { "idempotency-key": "project-once" };
    const headers = { ...user.headers, ...key };
    const { id } = await (await send("POST", "/api/v1/projects", { name: "Once" }, headers)).json<{
      id: string;
    }>();
    const request = { query: document, variables: { name: "Once" } };
    const answer = await graphqlRequest(request, user, key);
    expect(answer.headers.get("idempotent-replayed")).toBe("true");
    const again = await answer.json<{ data: unknown }>();
    expect(again.data).toEqual({ createProject: { id: globalId("Project", id) } });
    expect(codesOf(await query(user, document, { name: "Another" }, { headers: key }))).toEqual(["CONFLICT"]);
  });

  it("by a key of each field, where there are several", async () => {
    const user = await createUser("graphql_keys");
    const two =
      'mutation { one: createProject(input: { name: "A" }, idempotencyKey: "a") { id } two: createProject(input: { name: "B" }, idempotencyKey: "b") { id } }';
    const first = await query(user, two);
    expect(codesOf(first)).toEqual([]);
    const fresh = { query: 'mutation { createProject(input: { name: "C" }) { id } }' };
    expect(
      (await graphqlRequest(fresh, user, { "idempotency-key": "c" })).headers.has("idempotent-replayed"),
    ).toBe(false);
    expect((await query(user, two)).data).toEqual(first.data);
  });
});

it("Changes are done one after the other, and cost ten each", async () => {
  const user = await createUser("graphql_serial");
  const document =
    'mutation { one: createProject(input: { name: "A" }) { name } two: createProject(input: { name: "A" }) { name } three: createProject(input: { name: "C" }) { name } }';
  const { data, errors, extensions } = await query(user, document);
  expect(data).toEqual({ one: { name: "A" }, two: null, three: { name: "C" } });
  expect(errors).toMatchObject([{ path: ["two"], extensions: { code: "CONFLICT", status: 409 } }]);
  expect(extensions).toEqual({ cost: 33 });
});
