import { describe, expect, it } from "vitest";
import { globalId } from "#src/graphql/global-id.ts";
import { send } from "../../support/api.ts";
import { codesOf, query } from "../../support/graphql.ts";
import { asGraphql, everythingOf, partsOf } from "../../support/graphql-parity.ts";
import { bodyOf, get, makeInstance, startRun } from "../../support/personas.ts";
import { createUser, type TestUser } from "../../support/users.ts";

const nobody = "0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c";

const rest = async (user: TestUser, path: string) =>
  bodyOf<Record<string, unknown>>(await get(`/api/v1${path}`, user), 200);

const makeProject = async (user: TestUser, name: string): Promise<string> =>
  (await bodyOf<{ id: string }>(await send("POST", "/api/v1/projects", { name }, user.headers), 201)).id;

/** Somebody with projects, personas and a run. */
async function world(clientId: string) {
  const user = await createUser(clientId);
  const project = await makeProject(user, "One");
  await makeProject(user, "Two");
  await makeProject(user, "Three");
  const { id: instance } = await makeInstance(user);
  await send("PUT", `/api/v1/personas/instances/${instance}`, { project_id: project }, user.headers);
  const run = await startRun(user, instance);
  return { user, project, instance, run };
}

type World = Awaited<ReturnType<typeof world>>;

describe("What GraphQL tells of one thing is what REST tells of it:", () => {
  const cases: {
    type: string;
    field(made: World): string;
    path(made: World): string;
  }[] = [
    { type: "User", field: () => "me", path: () => "/auth/session" },
    {
      type: "Project",
      field: ({ project }) => `project(id: "${project}")`,
      path: ({ project }) => `/projects/${project}`,
    },
    {
      type: "PersonaInstance",
      field: ({ instance }) => `persona(id: "${instance}")`,
      path: ({ instance }) => `/personas/instances/${instance}`,
    },
    { type: "Run", field: ({ run }) => `run(id: "${run}")`, path: ({ run }) => `/personas/runs/${run}` },
  ];

  it.each(cases.map((one, number) => ({ ...one, number })))(
    "$type",
    async ({ type, field, path, number }) => {
      const made = await world(`graphql_one_${number}`);
      const answers = await Promise.all(
        partsOf(type).map((part) => query(made.user, `{ thing: ${field(made)} ${part} }`)),
      );
      expect(answers.flatMap(codesOf)).toEqual([]);
      const thing = Object.assign({}, ...answers.map(({ data }) => data?.thing));
      expect(thing).toEqual(asGraphql(type, await rest(made.user, path(made))));
    },
  );

  it.each([
    ["Profile", "profile", "/user/profile"],
    ["Subscription", "subscription", "/subscription"],
    ["Usage", "usage", "/subscription/usage"],
  ])("%s", async (type, field, path) => {
    const user = await createUser("graphql_account");
    const answer = await query(user, `{ me { ${field} ${everythingOf(type)} } }`);
    const told = asGraphql(type, await rest(user, path));
    // Each says when it was asked for.
    const late = type === "Usage" ? { lastUpdated: expect.any(String) } : {};
    expect(answer.data).toEqual({ me: { [field]: Object.assign({}, told, late) } });
  });

  it("Quota", async () => {
    const user = await createUser("graphql_account");
    const answer = await query(user, `{ me { quotas ${everythingOf("Quota")} } }`);
    const quotas = await Promise.all(
      ["personas", "projects", "content"].map((resource) =>
        rest(user, `/subscription/check-quota?resource=${resource}`),
      ),
    );
    expect(answer.data).toEqual({ me: { quotas: quotas.map((quota) => asGraphql("Quota", quota)) } });
  });
});

describe("Lists", () => {
  it.each([
    ["projects", "Project", "/projects"],
    ["personas", "PersonaInstance", "/personas/instances"],
  ])(
    "%s tell what those of REST tell, in their order, with the cursors of REST",
    async (field, type, path) => {
      const { user } = await world(`graphql_lists_${field}`);
      const document = `{ list: ${field}(first: 2) { nodes ${everythingOf(type)} pageInfo { endCursor hasNextPage } } }`;
      const { data } = await query(user, document);
      const { [field === "personas" ? "instances" : field]: rows, next_cursor } = await rest(
        user,
        `${path}?limit=2`,
      );
      const told = Array.isArray(rows) ? rows.map((row) => asGraphql(type, row)) : [];
      expect(data).toMatchObject({ list: { nodes: told, pageInfo: { hasNextPage: next_cursor !== null } } });
      if (next_cursor) expect(data).toMatchObject({ list: { pageInfo: { endCursor: next_cursor } } });
    },
  );

  it("go on behind any of their edges, until nothing is left", async () => {
    const { user } = await world("graphql_pages");
    const names: unknown[] = [];
    let after: unknown = null;
    for (let page = 0; page < 4; page++) {
      const document =
        "query ($after: String) { projects(first: 1, after: $after) { edges { cursor node { name } } pageInfo { hasNextPage hasPreviousPage } } }";
      const { data } = await query(user, document, { after });
      const list = Object(data?.projects);
      expect(list.pageInfo).toEqual({ hasNextPage: page < 2, hasPreviousPage: page > 0 });
      for (const { cursor, node } of list.edges) {
        names.push(node.name);
        after = cursor;
      }
    }
    expect(names).toEqual(["Three", "Two", "One"]);
  });

  it("of runs tell of each what a list of REST tells, and read what is asked for beyond that", async () => {
    const { user, run, instance } = await world("graphql_runs");
    const document = `{ runs(first: 5, filter: { status: RUNNING, instanceId: "${instance}" }) { nodes { correlationId status fuel { budget reserved } steps { name status } persona { id } } } }`;
    const { data, errors } = await query(user, document);
    expect(errors).toBeUndefined();
    const one = asGraphql("Run", await rest(user, `/personas/runs/${run}`));
    const [{ persona, ...listed }] = Object(data).runs.nodes;
    expect(persona).toEqual({ id: globalId("PersonaInstance", instance) });
    expect(one).toMatchObject(listed);
    const none = await query(user, "{ runs(filter: { status: FAILED }) { nodes { id } } }");
    expect(none.data).toEqual({ runs: { nodes: [] } });
  });

  it("stand in what they belong to", async () => {
    const { user, project, instance, run } = await world("graphql_nested");
    const document = `{ project(id: "${project}") { instances(first: 5) { nodes { id project { name } runs(first: 5) { nodes { correlationId } } } } } }`;
    const { data } = await query(user, document);
    const persona = {
      id: globalId("PersonaInstance", instance),
      project: { name: "One" },
      runs: { nodes: [{ correlationId: run }] },
    };
    expect(data).toEqual({ project: { instances: { nodes: [persona] } } });
  });
});

describe("Ids", () => {
  it("name a thing of any type, and are taken wherever one is asked for", async () => {
    const { user, project, run } = await world("graphql_ids");
    const id = globalId("Project", project);
    const document = `query ($ids: [ID!]!) { project(id: "${id}") { name } node(id: "${id}") { __typename id ... on Project { name } } nodes(ids: $ids) { __typename id } }`;
    const ids = [globalId("Run", run), globalId("Project", nobody), "what"];
    const { data, errors } = await query(user, document, { ids });
    expect(data).toEqual({
      project: { name: "One" },
      node: { __typename: "Project", id, name: "One" },
      nodes: [{ __typename: "Run", id: ids[0] }, null, null],
    });
    expect(errors?.map(({ path, extensions }) => [path, extensions.code]).sort()).toEqual([
      [["nodes", 1], "NOT_FOUND"],
      [["nodes", 2], "NOT_FOUND"],
    ]);
  });

  it("of a thing of another type are refused, and of another tenant's are nothing's", async () => {
    const { project, run } = await world("graphql_theirs");
    const stranger = await createUser("graphql_strangers");
    const wrong = await query(stranger, `{ project(id: "${globalId("Run", run)}") { name } }`);
    expect(wrong).toMatchObject({
      data: { project: null },
      errors: [
        {
          path: ["project"],
          extensions: { code: "VALIDATION_ERROR", status: 400, details: { fields: [{ path: "id" }] } },
        },
      ],
    });
    const document = `{ project(id: "${project}") { name } run(id: "${run}") { id } node(id: "${globalId("Run", run)}") { id } }`;
    const { data, errors } = await query(stranger, document);
    expect(data).toEqual({ project: null, run: null, node: null });
    expect(codesOf({ errors })).toEqual(["NOT_FOUND", "NOT_FOUND", "NOT_FOUND"]);
  });
});
