import { type ApiClient, apiClient, type components, dataOf } from "#client/index.ts";
import { demo } from "./options.ts";

const name = "Tea shop";

/** Pages of this very machine, by both of its names. */
const originsOf = (baseUrl: string): string[] => [baseUrl, baseUrl.replace("127.0.0.1", "localhost")];

async function signedIn(baseUrl: string, { email, password }: { email: string; password: string }) {
  const { access_token: token } = dataOf(
    await apiClient({ baseUrl }).POST("/api/v1/auth/login", { body: { email, password } }),
  );
  return apiClient({ baseUrl, token });
}

/** The persona of the page, published for its visitors; made where there is none. */
async function persona(api: ApiClient): Promise<string> {
  const { instances } = dataOf(
    await api.GET("/api/v1/personas/instances", { params: { query: { limit: 100 } } }),
  );
  const found = instances.find((instance) => instance.name === name);
  const { templates } = dataOf(await api.GET("/api/v1/personas/templates"));
  const template = templates.find((each) => each.name === "Copywriter");
  if (!template) throw new Error("There is no template to make the page's persona of");
  // Typed by itself: of what stands in a call, the client's types let keys pass that there are not.
  const body: components["schemas"]["CreateInstance"] = {
    template_id: template.id,
    name,
    config: { custom_prompt: "You advise the customers of a tea shop, in a few friendly sentences." },
  };
  const { id } = found ?? dataOf(await api.POST("/api/v1/personas/instances", { body }));
  dataOf(
    await api.PUT("/api/v1/personas/instances/{instance_id}/chat", {
      params: { path: { instance_id: id } },
      body: {
        enabled: true,
        audience: "public",
        daily_turns_per_person: 100,
        greeting: "Welcome to the tea shop. What may I do for you?",
        starters: ["Which tea keeps me awake?", "How hot should the water be?"],
        handover: { enabled: true, triggers: { words: ["a real person"] } },
      },
    }),
  );
  return id;
}

/** The widget of `/dev/widget`: made at the first start, and for the port of this one. @returns its key */
export async function openWidget(baseUrl: string): Promise<string> {
  const [admin, user] = demo.accounts;
  const staff = await signedIn(baseUrl, admin);
  const { widgets } = dataOf(await staff.GET("/api/v1/widgets", { params: { query: { limit: 100 } } }));
  const found = widgets.find((widget) => widget.name === name);
  const origins = originsOf(baseUrl);
  if (!found) {
    const instance_id = await persona(await signedIn(baseUrl, user));
    return dataOf(await staff.POST("/api/v1/widgets", { body: { instance_id, name, origins } })).key;
  }
  if (!origins.every((origin) => found.origins.includes(origin)))
    dataOf(
      await staff.PATCH("/api/v1/widgets/{widget_id}", {
        params: { path: { widget_id: found.id } },
        body: { origins },
      }),
    );
  return found.key;
}
