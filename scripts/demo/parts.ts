import { type ApiClient, dataOf, type PersonaClient, signIn } from "#client/index.ts";
import { demo } from "../local/options.ts";

/** The platform, as the demo user sees it. */
export const signInDemoUser = (baseUrl: string): Promise<PersonaClient> =>
  signIn(demo.accounts[1], { baseUrl });

/** A new instance of a demo template. */
export async function makeInstance(api: ApiClient, templateName: string): Promise<string> {
  const { templates } = dataOf(await api.GET("/api/v1/personas/templates"));
  const template = templates.find(({ name }) => name === templateName);
  if (!template) throw new Error(`There is no template ${templateName}`);
  const body = { template_id: template.id, name: `Demo: ${templateName}` };
  const { id } = dataOf(await api.POST("/api/v1/personas/instances", { body }));
  return id;
}
