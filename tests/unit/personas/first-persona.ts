import { demoTemplates } from "#scripts/demo-data.ts";
import { createTemplateSchema } from "#src/personas/templates/schemas.ts";
import { api } from "../../support/api.ts";
import { createUser, type TestUser } from "../../support/users.ts";

export const [copywriter] = demoTemplates;

const present = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error("nothing came back");
  return value;
};

export const makeTemplate = async (clientId: string) => {
  const admin = await createUser(clientId, { role: "admin" });
  const { data } = await api(admin.token).POST("/api/v1/templates", {
    body: createTemplateSchema.parse(copywriter),
  });
  return present(data);
};

export const makeInstance = async (clientId: string, owner: TestUser) => {
  const template = await makeTemplate(clientId);
  const { data } = await api(owner.token).POST("/api/v1/personas/instances", {
    body: { template_id: template.id, name: "Mine" },
  });
  return present(data);
};
