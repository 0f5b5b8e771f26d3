import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { send } from "../../support/api.ts";
import { tellLists } from "../../support/chats.ts";
import { bodyOf } from "../../support/personas.ts";
import { askSession, shop, signedIdentity, visit, withWidget } from "../../support/widgets.ts";

const soon = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

describe("A visitor is let in", () => {
  it("with what the widget shows, and comes back as the same with their token", async () => {
    const { widget, instance } = await withWidget("visitors_in", {
      chat: { greeting: "Tea?", starters: ["Which tea?"] },
      widget: { theme: { accent: "#336699" }, texts: { title: "Ask us" } },
    });
    const first = await visit(widget.key);
    expect(first).toMatchObject({
      conversation_id: null,
      widget: {
        instance_id: instance.id,
        greeting: "Tea?",
        starters: ["Which tea?"],
        theme: { accent: "#336699" },
        texts: { title: "Ask us" },
      },
    });
    const again = await visit(widget.key, { visitor_token: first.visitor_token });
    const other = await visit(widget.key);
    expect(again.visitor_id).toBe(first.visitor_id);
    expect(other.visitor_id).not.toBe(first.visitor_id);
  });

  it("from the widget's pages only: 403, also where no page is named", async () => {
    const { widget } = await withWidget("visitors_pages");
    for (const origin of ["https://evil.example", "http://shop.example", "null", `${shop}:8443`])
      expect((await askSession(widget.key, {}, origin)).status).toBe(403);
    const nowhere = await send("POST", "/api/v1/widgets/sessions", { key: widget.key });
    expect(nowhere.status).toBe(403);
  });

  it("by no token of another widget's visitor: they are somebody new", async () => {
    const [one, other] = [await withWidget("visitors_one"), await withWidget("visitors_other")];
    const { visitor_token, visitor_id } = await visit(one.widget.key);
    expect((await visit(other.widget.key, { visitor_token })).visitor_id).not.toBe(visitor_id);
  });

  it("while nothing of their token is kept but a digest", async () => {
    const { widget } = await withWidget("visitors_digest");
    const { visitor_token } = await visit(widget.key);
    const { results } = await env.DB.prepare("SELECT * FROM visitor_tokens WHERE widget_id = ?")
      .bind(widget.id)
      .all();
    expect(results).toHaveLength(1);
    expect(JSON.stringify(results)).not.toContain(visitor_token);
  });

  it("no more where the persona is no longer for visitors: 404, or 409 where it is switched off", async () => {
    const { widget, owner, instance } = await withWidget("visitors_unpublished");
    const path = `/api/v1/personas/instances/${instance.id}`;
    const switchTo = (active: number) =>
      env.DB.prepare("UPDATE persona_instances SET is_active = ? WHERE id = ?")
        .bind(active, instance.id)
        .run();
    await switchTo(0);
    expect((await askSession(widget.key)).status).toBe(409);
    await switchTo(1);
    await bodyOf(
      await send("PUT", `${path}/chat`, { enabled: true, audience: "tenant" }, owner.headers),
      200,
    );
    expect((await askSession(widget.key)).status).toBe(404);
  });
});

describe("An identity that the tenant's server has signed", () => {
  it("is the same visitor on every device", async () => {
    const { widget } = await withWidget("identity_devices");
    const identity = () => signedIdentity(widget.secret, "customer-7", { name: "Ada" });
    const here = await visit(widget.key, { identity: await identity() });
    const there = await visit(widget.key, { identity: await identity() });
    expect(there.visitor_id).toBe(here.visitor_id);
    expect(there.visitor_token).not.toBe(here.visitor_token);
    const other = await visit(widget.key, { identity: await signedIdentity(widget.secret, "customer-8") });
    expect(other.visitor_id).not.toBe(here.visitor_id);
  });

  it("takes over what was said under the same token, and nothing by the same address", async () => {
    const { widget, clientId } = await withWidget("identity_takes_over");
    const unknown = await visit(widget.key);
    const { conversation } = await bodyOf<{ conversation: { id: string } }>(
      await send("POST", "/api/v1/conversations", { instance_id: widget.instance_id }, unknown.headers),
      201,
    );
    await tellLists(clientId, conversation.id);
    const named = { email: "ada@example.com" };
    const stranger = await visit(widget.key, {
      identity: await signedIdentity(widget.secret, "other", named),
    });
    expect(stranger.conversation_id).toBeNull();
    const known = await visit(widget.key, {
      visitor_token: unknown.visitor_token,
      identity: await signedIdentity(widget.secret, "ada", named),
    });
    expect(known).toMatchObject({ visitor_id: unknown.visitor_id, conversation_id: conversation.id });
    const elsewhere = await visit(widget.key, { identity: await signedIdentity(widget.secret, "ada") });
    expect(elsewhere.visitor_id).toBe(unknown.visitor_id);
  });

  it("leaves another customer's conversations alone, whose token comes with it", async () => {
    const { widget } = await withWidget("identity_shared_computer");
    const ada = await visit(widget.key, { identity: await signedIdentity(widget.secret, "ada") });
    const bob = await visit(widget.key, {
      visitor_token: ada.visitor_token,
      identity: await signedIdentity(widget.secret, "bob"),
    });
    expect(bob.visitor_id).not.toBe(ada.visitor_id);
  });

  it("opens a session once; whoever it has opened one for goes on with their token", async () => {
    const { widget } = await withWidget("identity_once", { widget: { require_identity: true } });
    const identity = await signedIdentity(widget.secret, "ada");
    const { visitor_token, visitor_id } = await visit(widget.key, { identity });
    expect((await askSession(widget.key, { identity })).status).toBe(403);
    expect((await visit(widget.key, { identity, visitor_token })).visitor_id).toBe(visitor_id);
    expect((await visit(widget.key, { visitor_token })).visitor_id).toBe(visitor_id);
    const unknown = await visit(widget.key, { identity: await signedIdentity(widget.secret, "bob") });
    expect((await askSession(widget.key, { identity, visitor_token: unknown.visitor_token })).status).toBe(
      403,
    );
  });

  it("is used up as well by whoever comes back with it, and opens nothing for who has seen it then", async () => {
    const { widget } = await withWidget("identity_again");
    const first = await visit(widget.key, { identity: await signedIdentity(widget.secret, "ada") });
    const identity = await signedIdentity(widget.secret, "ada");
    const { visitor_token } = first;
    const back = await visit(widget.key, { identity, visitor_token });
    expect([back.visitor_id, back.visitor_token]).toEqual([first.visitor_id, visitor_token]);
    expect((await askSession(widget.key, { identity })).status).toBe(403);
    // What was answered and not heard is asked for again.
    expect((await visit(widget.key, { identity, visitor_token })).visitor_id).toBe(first.visitor_id);
  });

  it("is asked for where the widget requires one: 403 without", async () => {
    const { widget } = await withWidget("identity_required", { widget: { require_identity: true } });
    expect((await askSession(widget.key)).status).toBe(403);
  });

  it.each<[what: string, make: (secret: string) => Promise<string>, why?: string]>([
    ["signed by somebody else", () => signedIdentity("ws_another-secret-that-is-long-enough", "ada")],
    ["that has run out", (secret) => signedIdentity(secret, "ada", { exp: soon(-60) }), "it has run out"],
    [
      "good for more than a day",
      (secret) => signedIdentity(secret, "ada", { exp: soon(25 * 3600) }),
      "24 hours",
    ],
    ["by another algorithm", (secret) => signedIdentity(secret.padEnd(64, "x"), "ada", { alg: "HS512" })],
    ["that is no token", async () => "a.b.c"],
    ["without a name of its own", (secret) => signedIdentity(secret, "ada", { jti: "" }), "jti"],
    ["with an address that is none", (secret) => signedIdentity(secret, "ada", { email: "ada" }), "email"],
    [
      "that is not signed at all",
      async () => {
        const part = (value: object) => btoa(JSON.stringify(value)).replaceAll("=", "");
        return `${part({ alg: "none" })}.${part({ sub: "ada", jti: "1", exp: soon(60) })}.`;
      },
    ],
  ])("%s is refused, and its server told why", async (_, make, why = "signed by HS256") => {
    const { widget } = await withWidget("identity_refused");
    const answer = await askSession(widget.key, { identity: await make(widget.secret) });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ message: expect.stringContaining(why) });
  });
});
