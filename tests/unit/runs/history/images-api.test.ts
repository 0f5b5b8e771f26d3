import { env } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import { describe, expect, it } from "vitest";
import { call } from "#tests/support/api.ts";
import { createUser, type TestUser } from "#tests/support/users.ts";

const bytes = Uint8Array.from({ length: 20 }, (_, index) => index);

async function store(user: TestUser, contentType = "image/png", file = "picture.png"): Promise<string> {
  const key = `images/${user.actor.clientId}/${uuidv7()}/${file}`;
  await env.BLOBS.put(key, bytes, {
    httpMetadata: { contentType },
    customMetadata: { user_id: user.actor.userId },
  });
  return `/api/v1/${key}`;
}

const fetchImage = (user: TestUser, path: string, headers: Record<string, string> = {}, method = "GET") =>
  call(path, { method, headers: { ...user.headers, ...headers } });

describe("An image", () => {
  it("says what it is, how large, and that it never changes", async () => {
    const user = await createUser("image_whole");
    const answer = await fetchImage(user, await store(user));
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": "image/png",
      "content-length": "20",
      "accept-ranges": "bytes",
      "cache-control": "private, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
    });
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(bytes);
  });

  it("is of the type it was stored with", async () => {
    const user = await createUser("image_types");
    const jpeg = await fetchImage(user, await store(user, "image/jpeg", "photo.jpg"));
    expect(jpeg.headers.get("content-type")).toBe("image/jpeg");
    await jpeg.body?.cancel();
    const html = await fetchImage(user, await store(user, "text/html", "page.png"));
    expect(html.status).toBe(404);
  });

  it("is not sent again to who has it", async () => {
    const user = await createUser("image_known");
    const path = await store(user);
    const head = await fetchImage(user, path, {}, "HEAD");
    const etag = head.headers.get("etag") ?? "";
    expect(etag).toMatch(/^".+"$/);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const answer = await fetchImage(user, path, { "if-none-match": known });
      expect([answer.status, await answer.text()]).toEqual([304, ""]);
      expect(answer.headers.get("etag")).toBe(etag);
    }
    const changed = await fetchImage(user, path, { "if-none-match": '"other"' });
    expect(changed.status).toBe(200);
    await changed.body?.cancel();
  });

  it.each([
    ["bytes=0-4", 206, "bytes 0-4/20", [0, 1, 2, 3, 4]],
    ["bytes=18-", 206, "bytes 18-19/20", [18, 19]],
    ["bytes=-2", 206, "bytes 18-19/20", [18, 19]],
    ["bytes=19-99", 206, "bytes 19-19/20", [19]],
    ["bytes=0-1,4-5", 200, null, [...bytes]],
    ["lines=1-2", 200, null, [...bytes]],
  ])("in the part %s", async (range, status, contentRange, expected) => {
    const user = await createUser("image_ranges");
    const answer = await fetchImage(user, await store(user), { range });
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-range")).toBe(contentRange);
    expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual(expected);
  });

  it("has no part beyond its end", async () => {
    const user = await createUser("image_beyond");
    const answer = await fetchImage(user, await store(user), { range: "bytes=20-" });
    expect(answer.status).toBe(416);
    expect(answer.headers.get("content-range")).toBe("bytes */20");
    expect(await answer.json()).toMatchObject({ error: "RANGE_NOT_SATISFIABLE" });
  });

  it("is sent whole when the part belongs to another one", async () => {
    const user = await createUser("image_if_range");
    const path = await store(user);
    const etag = (await fetchImage(user, path, {}, "HEAD")).headers.get("etag") ?? "";
    const ask = async (ifRange: string) =>
      (await (await fetchImage(user, path, { range: "bytes=0-1", "if-range": ifRange })).arrayBuffer())
        .byteLength;
    expect([await ask(etag), await ask('"other"')]).toEqual([2, 20]);
  });

  it.each([
    "/api/v1/images/image_paths/../image_paths/x.png",
    "/api/v1/images/image_paths/%2e%2e/secret.png",
    `/api/v1/images/image_paths/${uuidv7()}/..%2f..%2fpayloads%2fx.png`,
    `/api/v1/images/image_paths/${uuidv7()}/a%5c..%5cb.png`,
    `/api/v1/images/image_paths/${uuidv7()}/x.png%00.html`,
    `/api/v1/images/image_paths/${uuidv7()}/.png`,
    `/api/v1/images/image_paths/${uuidv7()}/a..png`,
  ])("does not open %s", async (path) => {
    const answer = await fetchImage(await createUser("image_paths"), path);
    expect([400, 404]).toContain(answer.status);
  });
});
