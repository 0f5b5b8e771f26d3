import { describe, expect, it } from "vitest";
import { send } from "../../support/api.ts";
import { bodyOf, get, type Instance, makeInstance } from "../../support/personas.ts";
import { createClient, createUser, type TestUser } from "../../support/users.ts";
import { admin, path, put, remove } from "./clients.ts";

const post = (user: TestUser, body: unknown) => send("POST", path, body, user.headers);

describe("A client", () => {
  it("is made with an id, a name and settings, closed to registration unless they say otherwise", async () => {
    const user = await admin();
    const body = { client_id: "clients_made", display_name: "Made", settings: { theme: "dark" } };
    const made = await bodyOf(await post(user, body), 201);
    expect(made).toMatchObject({
      client_id: "clients_made",
      display_name: "Made",
      settings: { theme: "dark", registration: "closed" },
      is_active: true,
    });
    expect(await bodyOf(await get(`${path}/clients_made`, user), 200)).toEqual(made);
    const account = { email: "new@test.example", password: "Correct-Horse-9", client_id: "clients_made" };
    expect((await send("POST", "/api/v1/auth/register", account)).status).toBe(403);
  });

  it("has an id of its own: of several made at once one is", async () => {
    const user = await admin();
    const body = { client_id: "clients_twins", display_name: "Twin" };
    const answers = await Promise.all([post(user, body), post(user, body), post(user, body)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });

  it.each<[string, unknown, string]>([
    ["too short an id", { client_id: "ab", display_name: "x" }, "client_id"],
    ["too long an id", { client_id: "a".repeat(51), display_name: "x" }, "client_id"],
    ["an id with a dash", { client_id: "a-b-c", display_name: "x" }, "client_id"],
    ["no name", { client_id: "clients_bad" }, "display_name"],
    [
      "an unknown registration mode",
      { client_id: "clients_bad", display_name: "x", settings: { registration: "maybe" } },
      "settings.registration",
    ],
    [
      "settings over 32 KiB",
      { client_id: "clients_bad", display_name: "x", settings: { x: "x".repeat(40_000) } },
      "settings",
    ],
  ])("is refused with %s", async (_, body, field) => {
    const answer = await post(await admin(), body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ details: { fields: [{ path: field }] } });
  });

  it("is changed in what is given; settings are laid over those there are", async () => {
    const user = await admin();
    await createClient("clients_changed", { registration: "open", theme: { dark: true, accent: "red" } });
    const body = { display_name: "Renamed", settings: { theme: { accent: null } } };
    expect(await bodyOf(await put(user, "clients_changed", body), 200)).toMatchObject({
      display_name: "Renamed",
      settings: { registration: "open", theme: { dark: true } },
    });
    const answers = await Promise.all(
      ["a", "b", "c"].map((key) => put(user, "clients_changed", { settings: { [key]: 1 } })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await bodyOf(await get(`${path}/clients_changed`, user), 200)).toMatchObject({
      settings: { a: 1, b: 1, c: 1, registration: "open" },
    });
  });

  it("that does not exist is not found in any way", async () => {
    const user = await admin();
    const none = `${path}/clients_none`;
    const answers = await Promise.all([
      get(none, user),
      get(`${none}/stats`, user),
      get(`${none}/usage`, user),
      put(user, "clients_none", { display_name: "x" }),
      remove(user, "clients_none"),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
  });

  it("is listed in pages, newest first", async () => {
    const user = await admin();
    for (const n of [1, 2, 3]) await post(user, { client_id: `clients_listed_${n}`, display_name: "x" });
    const page = await bodyOf<{ clients: { client_id: string }[]; count: number; next_cursor: string }>(
      await get(`${path}?limit=2`, user),
      200,
    );
    expect(page.count).toBe(2);
    const rest = await bodyOf<{ clients: { client_id: string }[] }>(
      await get(`${path}?limit=100&cursor=${page.next_cursor}`, user),
      200,
    );
    const ids = [...page.clients, ...rest.clients].map(({ client_id }) => client_id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(["clients_listed_1", "clients_listed_2", "clients_listed_3"]));
  });
});

describe("The config of a client's instance", () => {
  it("is changed by administrators of the platform, where the client and the instance belong together", async () => {
    const user = await admin();
    const owner = await createUser("clients_config");
    const { id } = await makeInstance(owner);
    const config = (client: string, body: unknown = { config: { temperature: 0 } }) =>
      send("PUT", `${path}/${client}/instances/${id}/config`, body, user.headers);
    expect(await bodyOf<Instance>(await config("clients_config"), 200)).toMatchObject({
      config: { temperature: 0, max_tokens: 1024 },
    });
    expect((await config("clients_operators")).status).toBe(404);
    expect((await config("clients_config", { config: { temperature: 9 } })).status).toBe(400);
    expect((await config("clients_config", {})).status).toBe(400);
  });
});

describe("Clients", () => {
  it.each(["user", "moderator"] as const)("are none of a %s's business", async (role) => {
    const user = await createUser("clients_curious", { role });
    const own = `${path}/clients_curious`;
    const answers = await Promise.all([
      get(path, user),
      get(own, user),
      get(`${own}/stats`, user),
      get(`${own}/usage`, user),
      post(user, { client_id: "clients_mine", display_name: "Mine" }),
      put(user, "clients_curious", { display_name: "Mine" }),
      remove(user, "clients_curious"),
    ]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([403]));
  });
});
