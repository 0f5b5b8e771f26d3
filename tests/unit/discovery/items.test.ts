import { describe, expect, it } from "vitest";
import { api, send } from "../../support/api.ts";
import { bodyOf } from "../../support/personas.ts";
import { createUser } from "../../support/users.ts";

const root = "/api/v1/personalization";
const admin = (clientId: string) => createUser(clientId, { role: "admin" });
const tea = { id: "tea-1", title: "Green tea", tags: ["tea"] };

describe("The catalogue", () => {
  it("takes items in, replaces them, shows them by pages and takes them out", async () => {
    const { token } = await admin("items_kept");
    const { PUT, GET, DELETE } = api(token);
    const items = ["c", "a", "b"].map((id) => ({ ...tea, id }));
    expect((await PUT("/api/v1/personalization/items", { body: { items } })).data).toEqual({
      accepted: 3,
      errors: [],
    });
    const again = { ...tea, id: "a", title: "Black tea", expires_at: "2030-01-01T00:00:00.000Z" };
    await PUT("/api/v1/personalization/items", { body: { items: [again] } });
    const first = await GET("/api/v1/personalization/items", { params: { query: { limit: 2 } } });
    expect(first.data?.items.map(({ id, title }) => [id, title])).toEqual([
      ["a", "Black tea"],
      ["b", "Green tea"],
    ]);
    const cursor = first.data?.next_cursor ?? "";
    const rest = await GET("/api/v1/personalization/items", { params: { query: { cursor } } });
    expect(rest.data).toMatchObject({ items: [{ id: "c" }], next_cursor: null });
    const params = { path: { item_id: "a" } };
    expect((await GET("/api/v1/personalization/items/{item_id}", { params })).data).toMatchObject(again);
    expect((await DELETE("/api/v1/personalization/items/{item_id}", { params })).response.status).toBe(204);
    expect((await GET("/api/v1/personalization/items/{item_id}", { params })).response.status).toBe(404);
    expect((await DELETE("/api/v1/personalization/items/{item_id}", { params })).response.status).toBe(404);
  });

  it("tells which items are not of the form, and takes in the others", async () => {
    const { headers } = await admin("items_form");
    const items = [
      { id: "no title" },
      tea,
      { ...tea, id: "x", colour: "green" },
      { ...tea, id: "y", tags: [""] },
    ];
    const answer = await bodyOf(await send("PUT", `${root}/items`, { items }, headers), 200);
    expect(answer).toMatchObject({
      accepted: 1,
      errors: [
        { index: 0, id: "no title" },
        { index: 2, id: "x" },
        { index: 3, id: "y" },
      ],
    });
  });

  it("is filled by administrators, and is each tenant's own", async () => {
    const { headers } = await createUser("items_own");
    expect((await send("PUT", `${root}/items`, { items: [tea] }, headers)).status).toBe(403);
    await bodyOf(
      await send("PUT", `${root}/items`, { items: [tea] }, (await admin("items_own")).headers),
      200,
    );
    const params = { path: { item_id: tea.id } };
    const seenFrom = async (clientId: string) =>
      (
        await api((await createUser(clientId)).token).GET("/api/v1/personalization/items/{item_id}", {
          params,
        })
      ).response.status;
    expect(await seenFrom("items_own")).toBe(200);
    expect(await seenFrom("items_elsewhere")).toBe(404);
  });
});
