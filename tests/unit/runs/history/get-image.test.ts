import { env } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import { describe, expect, it } from "vitest";
import { call } from "#tests/support/api.ts";
import { createUser, type TestUser } from "#tests/support/users.ts";

describe("Images", () => {
  const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 1, 2, 3, 4);
  const store = async (user: TestUser) => {
    const key = `images/${user.actor.clientId}/${uuidv7()}/picture.png`;
    await env.BLOBS.put(key, png, { customMetadata: { user_id: user.actor.userId } });
    return `/api/v1/${key}`;
  };

  it("are served to their owner with type, ETag and immutable caching", async () => {
    const user = await createUser("images_mine");
    const answer = await call(await store(user), { headers: user.headers });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("image/png");
    expect(answer.headers.get("cache-control")).toContain("immutable");
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(png);
  });

  it("answer 304 to who has them, and parts to who asks for parts", async () => {
    const user = await createUser("images_parts");
    const path = await store(user);
    const etag = (await call(path, { headers: user.headers })).headers.get("etag") ?? "";
    expect((await call(path, { headers: { ...user.headers, "if-none-match": etag } })).status).toBe(304);
    const part = await call(path, { headers: { ...user.headers, range: "bytes=1-3" } });
    expect(part.status).toBe(206);
    expect(part.headers.get("content-range")).toBe("bytes 1-3/8");
    expect(await part.text()).toBe("PNG");
  });

  it("are shown to who has their signed address, without a token, and to nobody by a changed one", async () => {
    const user = await createUser("images_signed");
    const path = await store(user);
    const told = await call(`${path}/address`, { headers: user.headers });
    const { image_url, expires_at } = await told.json<{ image_url: string; expires_at: string }>();
    expect(Date.parse(expires_at)).toBeGreaterThan(Date.now() + 599_000);
    expect(image_url.startsWith(`${path}?sig=`)).toBe(true);
    const shown = await call(image_url);
    expect([shown.status, shown.headers.get("content-type")]).toEqual([200, "image/png"]);
    expect(new Uint8Array(await shown.arrayBuffer())).toEqual(png);
    const other = await store(user);
    expect((await call(image_url.replace(path, other))).status).toBe(401);
    expect((await call(`${path}?sig=1.${"0".repeat(64)}`)).status).toBe(401);
    expect((await call(path)).status).toBe(401);
    const stranger = await createUser("images_signed");
    expect((await call(`${path}/address`, { headers: stranger.headers })).status).toBe(404);
  });

  it("are not found by others, in this tenant or another", async () => {
    const path = await store(await createUser("images_theirs"));
    for (const stranger of [
      await createUser("images_theirs"),
      await createUser("images_far", { role: "admin" }),
    ]) {
      expect((await call(path, { headers: stranger.headers })).status).toBe(404);
    }
  });

  it.each(["..%2f..%2fsecret.png", "a%00.png", "picture.svg", ".png"])("do not open %s", async (file) => {
    const user = await createUser("images_paths");
    const answer = await call(`/api/v1/images/images_paths/${uuidv7()}/${file}`, { headers: user.headers });
    expect([400, 404]).toContain(answer.status);
  });
});
