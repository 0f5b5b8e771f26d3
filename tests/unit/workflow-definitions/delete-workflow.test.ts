import { describe, expect, it } from "vitest";
import { send } from "../../support/api.ts";
import { bodyOf, copywriter, get, makeTemplate } from "../../support/personas.ts";
import { createUser } from "../../support/users.ts";
import { calling, echoing, makeWorkflow } from "../../support/workflows.ts";
import { admin, at, put, remove } from "./definitions.ts";

describe("A deleted workflow definition", () => {
  it("is gone, and its name is free again", async () => {
    const { id } = await makeWorkflow(admin, "gone");
    expect((await remove("gone")).status).toBe(204);
    expect((await get(at(id), admin)).status).toBe(404);
    expect((await get(at("gone", "/versions"), admin)).status).toBe(404);
    expect((await remove("gone")).status).toBe(404);
    expect((await makeWorkflow(admin, "gone")).id).not.toBe(id);
  });

  it("is refused while a template or another definition refers to it, which the refusal names", async () => {
    await makeWorkflow(admin, "used");
    const other = await makeWorkflow(admin, "user", calling("used"));
    const workflow = {
      start_step: "all",
      steps: { all: { action: "fan_out", sub_tasks: [{ step_name: "one", topic: "workflow:used" }] } },
    };
    const template = await makeTemplate("workflow_definitions", {
      ...copywriter,
      config: { ...copywriter.config, workflow },
    });
    const refused = await bodyOf<{ details: { referrers: unknown[] } }>(await remove("used"), 409);
    expect(refused.details.referrers).toEqual(
      expect.arrayContaining([
        { type: "workflow", id: other.id },
        { type: "template", id: template.id },
      ]),
    );
    await bodyOf(await put("user", { plan: echoing }), 200);
    expect((await remove("used")).status).toBe(409);
    await send("PUT", `/api/v1/templates/${template.id}`, { config: copywriter.config }, admin.headers);
    expect((await remove("used")).status).toBe(204);
  });

  it("is not held by those of a tenant that has one of the name itself, as long as it is active", async () => {
    const operator = await createUser("operator", { role: "admin" });
    const removePlatforms = () => send("DELETE", at("homonym"), {}, operator.headers);
    await makeWorkflow(operator, "homonym");
    await makeWorkflow(admin, "homonym");
    await makeWorkflow(admin, "caller", calling("homonym"));
    await bodyOf(await put("homonym", { is_active: false }), 200);
    expect((await removePlatforms()).status).toBe(409);
    await bodyOf(await put("homonym", { is_active: true }), 200);
    expect((await removePlatforms()).status).toBe(204);
    expect((await remove("homonym")).status).toBe(409);
  });

  it("is allowed again when the template that referred to it is deleted", async () => {
    await makeWorkflow(admin, "freed");
    const template = await makeTemplate("workflow_definitions", {
      ...copywriter,
      config: { ...copywriter.config, workflow: calling("freed") },
    });
    expect((await remove("freed")).status).toBe(409);
    expect((await send("DELETE", `/api/v1/templates/${template.id}`, {}, admin.headers)).status).toBe(204);
    expect((await remove("freed")).status).toBe(204);
  });
});
