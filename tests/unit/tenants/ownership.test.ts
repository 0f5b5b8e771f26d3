import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { activeAgents } from "#src/agent-definitions/agent-definition-repository.ts";
import { database } from "#src/db/client.ts";
import { send } from "../../support/api.ts";
import { bodyOf, copywriter, get, makeTemplate, type Template } from "../../support/personas.ts";
import { createUser, type TestUser } from "../../support/users.ts";
import { calling, makeWorkflow, postWorkflow } from "../../support/workflows.ts";

let operator: TestUser;
let ours: TestUser;
let theirs: TestUser;
let user: TestUser;

beforeAll(async () => {
  operator = await createUser("operator", { role: "admin" });
  ours = await createUser("owners_ours", { role: "admin" });
  theirs = await createUser("owners_theirs", { role: "admin" });
  user = await createUser("owners_ours");
});

const remove = (path: string, by: TestUser) => send("DELETE", `/api/v1${path}`, {}, by.headers);
const put = (path: string, by: TestUser, body: unknown) => send("PUT", `/api/v1${path}`, body, by.headers);
const makeAgent = async (by: TestUser, type: string) =>
  bodyOf<{ id: string; client_id: string | null }>(
    await send(
      "POST",
      "/api/v1/admin/agent-definitions",
      { type, display_name: "Own", category: "data-driven", default_config: { model: "claude-opus-5-5" } },
      by.headers,
    ),
    201,
  );

describe("A tenant's own template", () => {
  let template: Template;
  beforeAll(async () => {
    template = await makeTemplate("owners_ours");
  });

  it("is read and used in its tenant, and known to the operator's administrators", async () => {
    const path = `/api/v1/templates/${template.id}`;
    expect(await bodyOf(await get(path, ours), 200)).toMatchObject({ client_id: "owners_ours" });
    expect((await get(path, operator)).status).toBe(200);
    const choices = await bodyOf<{ templates: { id: string }[] }>(
      await get("/api/v1/personas/templates", user),
      200,
    );
    expect(choices.templates.map(({ id }) => id)).toContain(template.id);
  });

  it("is not there for other tenants: not in lists, not by id, not to make instances from, not to change", async () => {
    for (const list of ["/api/v1/templates", "/api/v1/personas/templates"])
      expect(await (await get(list, theirs)).text()).not.toContain(template.id);
    const path = `/templates/${template.id}`;
    const body = { template_id: template.id, name: "Mine" };
    const answers = [
      await get(`/api/v1${path}`, theirs),
      await get(`/api/v1${path}/versions`, theirs),
      await put(path, theirs, { name: "Stolen" }),
      await send("POST", `/api/v1${path}/clone`, {}, theirs.headers),
      await send("POST", `/api/v1${path}/validate`, {}, theirs.headers),
      await send("POST", "/api/v1/personas/instances", body, theirs.headers),
      await remove(path, theirs),
      // The operator's own people use the platform's templates, not other tenants'.
      await send("POST", "/api/v1/personas/instances", body, operator.headers),
    ];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404));
  });
});

describe("The platform's template", () => {
  it("is for every tenant to read, use and clone, and for the operator's administrators to change", async () => {
    const { id } = await makeTemplate("operator");
    expect(await bodyOf(await get(`/api/v1/templates/${id}`, ours), 200)).toMatchObject({ client_id: null });
    const made = await send(
      "POST",
      "/api/v1/personas/instances",
      { template_id: id, name: "x" },
      user.headers,
    );
    expect(made.status).toBe(201);
    expect((await put(`/templates/${id}`, ours, { name: "Ours" })).status).toBe(403);
    expect((await remove(`/templates/${id}`, ours)).status).toBe(403);
    const clone = await send("POST", `/api/v1/templates/${id}/clone`, {}, ours.headers);
    expect(await bodyOf(clone, 201)).toMatchObject({ client_id: "owners_ours" });
    expect((await put(`/templates/${id}`, operator, { name: "Renamed" })).status).toBe(200);
  });
});

describe("Agent definitions", () => {
  it("of a tenant go before the platform's of the same type, there and nowhere else", async () => {
    const before = await activeAgents(database(env.DB), "owners_ours");
    const { client_id } = await makeAgent(ours, "copywriter");
    expect(client_id).toBe("owners_ours");
    const model = async (owner: string | null) =>
      (await activeAgents(database(env.DB), owner)).copywriter?.defaultConfig.model;
    expect(await model("owners_ours")).toBe("claude-opus-5-5");
    for (const owner of ["owners_theirs", null])
      expect(await model(owner)).toBe(before.copywriter?.defaultConfig.model);
    expect((await remove("/admin/agent-definitions/copywriter", ours)).status).toBe(204);
    expect(await model("owners_ours")).toBe(before.copywriter?.defaultConfig.model);
  });

  it("of another tenant lead nowhere, and the platform's are changed by the operator's only", async () => {
    const { id } = await makeAgent(ours, "owners-own");
    const template = {
      ...copywriter,
      config: {
        ...copywriter.config,
        workflow: {
          start_step: "a",
          steps: { a: { action: "write", topic: "system.tasks.owners-own", input: { prompt: "x" } } },
        },
      },
    };
    expect((await send("POST", "/api/v1/templates", template, ours.headers)).status).toBe(201);
    expect((await send("POST", "/api/v1/templates", template, theirs.headers)).status).toBe(400);
    for (const name of [id, "owners-own"])
      expect((await get(`/api/v1/admin/agent-definitions/${name}`, theirs)).status).toBe(404);
    expect((await put("/admin/agent-definitions/researcher", ours, { is_active: false })).status).toBe(403);
    expect((await get("/api/v1/admin/agent-definitions/researcher", ours)).status).toBe(200);
    const list = await (await get("/api/v1/admin/agent-definitions", theirs)).text();
    expect(list).toContain("researcher");
    expect(list).not.toContain("owners-own");
  });
});

describe("Workflow definitions", () => {
  it("of one name may be each tenant's own; plans start their tenant's", async () => {
    const mine = await makeWorkflow(ours, "owners-check");
    const other = await makeWorkflow(theirs, "owners-check");
    expect(mine.id).not.toBe(other.id);
    expect((await postWorkflow(ours, "owners-check")).status).toBe(409);
    expect(await bodyOf(await get("/api/v1/admin/workflows/owners-check", ours), 200)).toMatchObject({
      id: mine.id,
    });
    expect((await get(`/api/v1/admin/workflows/${other.id}`, ours)).status).toBe(404);
  });

  it("of another tenant cannot be started, and another tenant's plans hold up no deletion", async () => {
    await makeWorkflow(ours, "owners-used");
    expect((await postWorkflow(theirs, "owners-caller", calling("owners-used"))).status).toBe(400);
    await makeWorkflow(theirs, "owners-used");
    await makeWorkflow(theirs, "owners-caller", calling("owners-used"));
    expect((await remove("/admin/workflows/owners-used", ours)).status).toBe(204);
    expect((await remove("/admin/workflows/owners-used", theirs)).status).toBe(409);
  });
});

describe("The system", () => {
  it.each(["/admin/system/topics", "/admin/system/kafka/topics", "/admin/system/dead-letters"])(
    "%s is for the operator's administrators",
    async (path) => {
      expect((await get(`/api/v1${path}`, operator)).status).toBe(200);
      expect((await get(`/api/v1${path}`, ours)).status).toBe(403);
    },
  );
});
