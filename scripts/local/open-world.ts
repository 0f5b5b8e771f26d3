import { apiClient, dataOf } from "#client/index.ts";
import { demo } from "./options.ts";

/**
 * What is under way when somebody first looks: a run that waits for its approval, one that has failed, a conversation.
 * Only where nothing has waited yet, so that a second start changes nothing.
 */
export async function openWorld(baseUrl: string): Promise<void> {
  const [, { email, password }] = demo.accounts;
  const { access_token: token } = dataOf(
    await apiClient({ baseUrl }).POST("/api/v1/auth/login", { body: { email, password } }),
  );
  const api = apiClient({ baseUrl, token });
  const waiting = dataOf(
    await api.GET("/api/v1/personas/runs", { params: { query: { status: "paused", limit: 1 } } }),
  );
  const talks = dataOf(await api.GET("/api/v1/conversations", { params: { query: { limit: 1 } } }));
  if (waiting.count > 0 || talks.count > 0) return;
  const { instances } = dataOf(
    await api.GET("/api/v1/personas/instances", { params: { query: { limit: 10 } } }),
  );
  const execute = async (category: string, name: string, topic: string) => {
    const instance = instances.find((each) => each.name === name && each.category === category);
    if (!instance) return;
    const params = { path: { instance_id: instance.id } };
    dataOf(
      await api.POST("/api/v1/personas/instances/{instance_id}/execute", {
        params,
        body: { input: { topic } },
      }),
    );
  };
  await execute("writing", "Travel magazine", "The night train to Lisbon");
  // The sandbox's models fail at this word.
  await execute("writing", "Shop copywriter", "umbrellas #fail");
  const [persona] = instances.filter(({ name }) => name === "Shop copywriter");
  if (persona)
    dataOf(
      await api.POST("/api/v1/conversations", {
        body: { instance_id: persona.id, title: "Night trains", message: "Which night trains go to Porto?" },
      }),
    );
}
