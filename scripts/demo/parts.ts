import type { ApiClient } from "#src/client/api-client.ts";
import { demo } from "../local/options.ts";

/** What went wrong with a call, in the API's own words. */
class CallFailed extends Error {}

/** The data of an answer; throws what the API says otherwise. */
export function dataOf<T>({ data, error, response }: { data?: T; error?: unknown; response: Response }): T {
  if (data !== undefined) return data;
  throw new CallFailed(`${response.url} answered ${response.status}: ${JSON.stringify(error)}`);
}

/** Signs the demo user in; gives the access token. */
export async function signIn(api: ApiClient): Promise<string> {
  const { email, password } = demo.accounts[1];
  const tokens = dataOf(await api.POST("/api/v1/auth/login", { body: { email, password } }));
  return tokens.access_token;
}

/** A new instance of a demo template. */
export async function makeInstance(api: ApiClient, templateName: string): Promise<string> {
  const { templates } = dataOf(await api.GET("/api/v1/personas/templates"));
  const template = templates.find(({ name }) => name === templateName);
  if (!template) throw new Error(`There is no template ${templateName}`);
  const instance = dataOf(
    await api.POST("/api/v1/personas/instances", {
      body: { template_id: template.id, name: `Demo: ${templateName}` },
    }),
  );
  return instance.id;
}
