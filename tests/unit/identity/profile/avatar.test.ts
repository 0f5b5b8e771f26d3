import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { signedIn } from "#tests/support/accounts.ts";
import { call, send } from "#tests/support/api.ts";
import { bodyOf, eventOf } from "#tests/support/personas.ts";
import { joined, pictures } from "#tests/support/pictures.ts";

type Owner = Awaited<ReturnType<typeof signedIn>>;

const path = "/api/v1/user/avatar";

const uploadRaw = (
  owner: Owner,
  body: BodyInit,
  headers: Record<string, string> = { "content-type": "image/png" },
): Promise<Response> => call(path, { method: "POST", headers: { ...owner.headers, ...headers }, body });

function uploadForm(owner: Owner, bytes: Uint8Array<ArrayBuffer>, field = "file", type = "image/png") {
  const body = new FormData();
  body.set(field, new File([bytes], "me.png", { type }));
  return call(path, { method: "POST", headers: owner.headers, body });
}

const urlFrom = async (answer: Response): Promise<string> =>
  (await bodyOf<{ avatar_url: string }>(answer, 200)).avatar_url;

const profileOf = async (owner: Owner) =>
  bodyOf<{ avatar_url: string | null }>(await call("/api/v1/user/profile", { headers: owner.headers }), 200);

const stored = async (owner: Owner): Promise<string[]> =>
  (await env.BLOBS.list({ prefix: `avatars/${owner.clientId}/${owner.id}/` })).objects.map(({ key }) => key);

describe("POST /user/avatar", () => {
  it.each([
    ["file", pictures.png, "image/png"],
    ["avatar", pictures.jpeg, "image/jpeg"],
  ] as const)("takes a picture as field %s of a form", async (field, bytes, type) => {
    const owner = await signedIn("avatar_form");
    const url = await urlFrom(await uploadForm(owner, bytes, field));
    const answer = await call(url, { headers: owner.headers });
    expect(answer.headers.get("content-type")).toBe(type);
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(bytes);
  });

  it("takes a picture as the body, shows it in the profile and tells the tenant", async () => {
    const owner = await signedIn("avatar_raw");
    expect((await profileOf(owner)).avatar_url).toBeUndefined();
    const url = await urlFrom(await uploadRaw(owner, pictures.webp));
    expect((await profileOf(owner)).avatar_url).toBe(url);
    const told = await eventOf("avatar_raw", "user.updated", ({ entity_id }) => entity_id === owner.id);
    expect(told.data).toMatchObject({ changed: ["avatar_url"] });
  });

  it.each([
    ["application/octet-stream"],
    ["application/x-www-form-urlencoded"],
    ["application/json"],
    [undefined],
  ])("takes a picture as a body of type %s", async (type) => {
    const owner = await signedIn("avatar_typeless");
    const answer = await uploadRaw(owner, pictures.png, type === undefined ? {} : { "content-type": type });
    expect(await urlFrom(answer)).toMatch(/\.png$/);
  });

  it("finds the type by the content, whatever the client calls it", async () => {
    const owner = await signedIn("avatar_renamed");
    const url = await urlFrom(await uploadForm(owner, pictures.gif, "file", "image/svg+xml"));
    expect(url).toMatch(/\.gif$/);
    expect((await call(url, { headers: owner.headers })).headers.get("content-type")).toBe("image/gif");
  });

  it.each([
    ["a page", "<!doctype html><script>alert(1)</script>"],
    ["a drawing with a script", '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
    ["a picture with a page behind it", joined(pictures.png, "<script>alert(1)</script>")],
    ["nothing", ""],
  ])("refuses %s that calls itself a picture, and stores nothing", async (_, content) => {
    const owner = await signedIn("avatar_refused");
    const answer = await uploadForm(owner, joined(content));
    expect(await bodyOf(answer, 415)).toMatchObject({ error: "UNSUPPORTED_MEDIA_TYPE" });
    expect(await stored(owner)).toEqual([]);
  });

  it("stores of a phone's picture the picture, and not what is behind it", async () => {
    const owner = await signedIn("avatar_phone");
    const url = await urlFrom(await uploadRaw(owner, joined(pictures.jpeg, "<script>alert(1)</script>")));
    const served = await (await call(url, { headers: owner.headers })).arrayBuffer();
    expect(new Uint8Array(served)).toEqual(pictures.jpeg);
  });

  it("refuses more than 2 MB, in a form and as the body", async () => {
    const owner = await signedIn("avatar_large");
    const tooLarge = joined(pictures.jpeg, new Uint8Array(2 * 1024 * 1024));
    for (const answer of [await uploadForm(owner, tooLarge), await uploadRaw(owner, tooLarge)]) {
      expect(await bodyOf(answer, 413)).toMatchObject({
        error: "PAYLOAD_TOO_LARGE",
        details: { max_bytes: 2 * 1024 * 1024 },
      });
    }
  });

  it("stops reading a body of unknown length when it gets too large", async () => {
    const owner = await signedIn("avatar_endless");
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled++;
        controller.enqueue(new Uint8Array(64 * 1024));
        if (pulled > 1000) controller.close();
      },
    });
    const answer = await uploadRaw(owner, endless);
    expect(await bodyOf(answer, 413)).toMatchObject({ error: "PAYLOAD_TOO_LARGE" });
    expect(pulled).toBeLessThan(100);
  });

  it("refuses a small file that is a huge picture", async () => {
    const owner = await signedIn("avatar_bomb");
    const huge = pictures.gif.slice();
    huge.set([0xff, 0xff, 0xff, 0xff], 6);
    expect(await bodyOf(await uploadRaw(owner, huge), 413)).toMatchObject({
      details: { max_pixels: 25_000_000 },
    });
  });

  it("refuses a form without a file, and one that is broken", async () => {
    const owner = await signedIn("avatar_formless");
    const empty = new FormData();
    empty.set("file", "just text");
    const without = await call(path, { method: "POST", headers: owner.headers, body: empty });
    expect(without.status).toBe(400);
    const broken = await uploadRaw(owner, "--x\r\nnonsense", {
      "content-type": "multipart/form-data; boundary=x",
    });
    expect(broken.status).toBe(400);
  });

  it("refuses a caller without a token", async () => {
    expect((await call(path, { method: "POST", body: pictures.png })).status).toBe(401);
  });

  it("removes the previous picture", async () => {
    const owner = await signedIn("avatar_second");
    const first = await urlFrom(await uploadRaw(owner, pictures.png));
    const second = await urlFrom(await uploadRaw(owner, pictures.webp));
    expect((await call(first, { headers: owner.headers })).status).toBe(404);
    expect((await call(second, { headers: owner.headers })).status).toBe(200);
    expect(await stored(owner)).toHaveLength(1);
  });

  it("leaves, of several at once, exactly the one that the profile names", async () => {
    const owner = await signedIn("avatar_race");
    const answers = await Promise.all(
      [pictures.png, pictures.webp, pictures.gif].map((bytes) => uploadRaw(owner, bytes)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const { avatar_url } = await profileOf(owner);
    expect((await call(avatar_url ?? "", { headers: owner.headers })).status).toBe(200);
    expect(await stored(owner)).toHaveLength(1);
  });

  it("does nothing for an account that was deleted a moment ago", async () => {
    const owner = await signedIn("avatar_gone");
    await env.DB.prepare("UPDATE users SET deleted_at = 1 WHERE id = ?").bind(owner.id).run();
    expect(await bodyOf(await uploadRaw(owner, pictures.png), 404)).toMatchObject({
      error: "USER_NOT_FOUND",
    });
    expect(await stored(owner)).toEqual([]);
  });
});

describe("GET /avatars/{user_id}/{avatar}", () => {
  it("serves the picture as nothing but a picture", async () => {
    const owner = await signedIn("avatar_headers");
    const url = await urlFrom(await uploadRaw(owner, pictures.png));
    const origin = "http://allowed.test";
    const { headers } = await call(url, { headers: { ...owner.headers, origin } });
    expect(headers.get("vary")?.split(", ").sort()).toEqual(["Authorization", "Origin"]);
    expect(Object.fromEntries(headers)).toMatchObject({
      "content-type": "image/png",
      "content-length": String(pictures.png.length),
      "content-disposition": "inline",
      "content-security-policy": "default-src 'none'; sandbox",
      "cross-origin-resource-policy": "same-origin",
      "x-content-type-options": "nosniff",
      "cache-control": "private, max-age=86400, immutable",
    });
  });

  it("is not sent again to who has it", async () => {
    const owner = await signedIn("avatar_cached");
    const url = await urlFrom(await uploadRaw(owner, pictures.png));
    const etag = (await call(url, { headers: owner.headers })).headers.get("etag") ?? "";
    const again = await call(url, { headers: { ...owner.headers, "if-none-match": etag } });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe("");
    const other = await call(url, { headers: { ...owner.headers, "if-none-match": '"another"' } });
    expect(other.status).toBe(200);
  });

  it("is for its owner and for moderators and administrators of the tenant", async () => {
    const owner = await signedIn("avatar_readers");
    const url = await urlFrom(await uploadRaw(owner, pictures.png));
    const statuses = [];
    for (const [clientId, role] of [
      ["avatar_readers", "user"],
      ["avatar_readers", "moderator"],
      ["avatar_readers", "admin"],
      ["avatar_strangers", "user"],
      ["avatar_strangers", "admin"],
    ] as const) {
      const reader = await signedIn(clientId, { role });
      statuses.push((await call(url, { headers: reader.headers })).status);
    }
    expect(statuses).toEqual([404, 200, 200, 404, 404]);
    expect((await call(url)).status).toBe(401);
  });
});

describe("PUT /user/profile with avatar_url", () => {
  const put = (owner: Owner, body: unknown) => send("PUT", "/api/v1/user/profile", body, owner.headers);

  it("removes the avatar with null, its file too", async () => {
    const owner = await signedIn("avatar_none");
    await urlFrom(await uploadRaw(owner, pictures.png));
    expect(await bodyOf(await put(owner, { avatar_url: null }), 200)).not.toHaveProperty("avatar_url");
    expect(await stored(owner)).toEqual([]);
  });

  it("takes a picture elsewhere, and the address there is", async () => {
    const owner = await signedIn("avatar_elsewhere");
    const url = await urlFrom(await uploadRaw(owner, pictures.png));
    expect(await bodyOf(await put(owner, { avatar_url: url, first_name: "Ada" }), 200)).toMatchObject({
      avatar_url: url,
      first_name: "Ada",
    });
    const elsewhere = "https://pictures.example/ada.png";
    expect(await bodyOf(await put(owner, { avatar_url: elsewhere }), 200)).toMatchObject({
      avatar_url: elsewhere,
    });
    expect(await stored(owner)).toEqual([]);
  });

  it.each([
    "javascript:alert(1)",
    "http://pictures.example/ada.png",
    "data:image/png;base64,AA==",
    "/api/v1/avatars/x/y.png",
  ])("refuses %s, and changes nothing else either", async (avatar_url) => {
    const owner = await signedIn("avatar_bad_address");
    expect(await bodyOf(await put(owner, { avatar_url, first_name: "Ada" }), 400)).toMatchObject({
      details: { fields: [{ path: "avatar_url" }] },
    });
    expect(Object.keys(await profileOf(owner))).not.toContain("avatar_url");
  });
});
