import { describe, expect, it } from "vitest";
import { call, send } from "../../support/api.ts";
import { bodyOf, makeInstance } from "../../support/personas.ts";
import { createUserWithSession } from "../../support/users.ts";
import { askSession, shop, signedIdentity, withWidget } from "../../support/widgets.ts";

const root = "/api/v1/widgets";

describe("Staff makes widgets", () => {
  it("and is shown the secret that once", async () => {
    const { staff, widget } = await withWidget("widgets_made");
    const shown = await bodyOf<Record<string, unknown>>(
      await call(`${root}/${widget.id}`, { headers: staff.headers }),
      200,
    );
    expect(widget.secret).toMatch(/^ws_/);
    expect(shown).toMatchObject({ key: widget.key, origins: [shop], enabled: true });
    expect(JSON.stringify(shown)).not.toContain(widget.secret);
    const list = await (await call(root, { headers: staff.headers })).text();
    expect(list).toContain(widget.id);
    expect(list).not.toContain(widget.secret);
  });

  it("of personas of their own tenant only", async () => {
    const stranger = await createUserWithSession("widgets_away");
    const { id } = await makeInstance(stranger);
    const { staff } = await withWidget("widgets_home");
    const fields = { instance_id: id, name: "Theirs", origins: [shop] };
    expect((await send("POST", root, fields, staff.headers)).status).toBe(404);
  });

  it.each(["https://shop.example/", "shop.example", "*", "ftp://shop.example", "https://shop.example/path"])(
    "for no page that is called %s, which is no origin",
    async (origin) => {
      const { staff, instance } = await withWidget("widgets_origins");
      const fields = { instance_id: instance.id, name: "Shop", origins: [origin] };
      expect((await send("POST", root, fields, staff.headers)).status).toBe(400);
    },
  );

  it("changes them, and deletes them: nobody comes in by one that is switched off or gone", async () => {
    const { staff, widget } = await withWidget("widgets_changed");
    const path = `${root}/${widget.id}`;
    await bodyOf(await send("PATCH", path, { enabled: false }, staff.headers), 200);
    expect((await askSession(widget.key)).status).toBe(404);
    await bodyOf(await send("PATCH", path, { enabled: true, name: "Again" }, staff.headers), 200);
    expect((await askSession(widget.key)).status).toBe(200);
    expect((await call(path, { method: "DELETE", headers: staff.headers })).status).toBe(204);
    expect((await askSession(widget.key)).status).toBe(404);
  });

  it("gives one another secret: what the one before has signed opens nothing more", async () => {
    const { staff, widget } = await withWidget("widgets_rotated");
    const { secret } = await bodyOf<{ secret: string }>(
      await send("POST", `${root}/${widget.id}/secret`, undefined, staff.headers),
      200,
    );
    const old = await askSession(widget.key, { identity: await signedIdentity(widget.secret, "ada") });
    const now = await askSession(widget.key, { identity: await signedIdentity(secret, "ada") });
    expect([old.status, now.status]).toEqual([403, 200]);
  });
});

describe("A persona is published for visitors", () => {
  const publish = (user: { headers: Record<string, string> }, id: string, chat: Record<string, unknown>) =>
    send("PUT", `/api/v1/personas/instances/${id}/chat`, { enabled: true, ...chat }, user.headers);

  it("with a bound for each day, by owners of tier premium and higher", async () => {
    const basic = await createUserWithSession("widgets_tiers", { tier: "basic" });
    const premium = await createUserWithSession("widgets_tiers", { tier: "premium" });
    const [cheap, dear] = [await makeInstance(basic), await makeInstance(premium)];
    const daily = { audience: "public", daily_turns_per_person: 5 };
    const statuses = [
      await publish(basic, cheap.id, daily),
      await publish(premium, dear.id, { audience: "public" }),
      await publish(premium, dear.id, daily),
    ].map(({ status }) => status);
    expect(statuses).toEqual([403, 400, 200]);
  });
});
