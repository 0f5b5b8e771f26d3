import { expect, it } from "vitest";
import { call, send } from "../../support/api.ts";
import { begin, messagesOf, said, withPersona } from "../../support/chats.ts";
import { bodyOf } from "../../support/personas.ts";
import { createUser, type TestUser } from "../../support/users.ts";

const clientId = "chat_standing";
const root = "/api/v1/conversations";

/** Somebody who talks with another's persona, which is published. */
async function withGuest() {
  const { user, instance } = await withPersona(clientId);
  const chat = `/api/v1/personas/instances/${instance.id}/chat`;
  await bodyOf(await send("PUT", chat, { enabled: true }, user.headers), 200);
  const unpublish = async () =>
    void (await bodyOf(await send("PUT", chat, { enabled: false }, user.headers), 200));
  return { guest: await createUser(clientId), instance, unpublish };
}

const rolesOf = async (user: TestUser, id: string) =>
  (await messagesOf(user, id)).messages.map(({ role, status }) => `${role} ${status}`);

it("A persona that is published no more does not answer what has waited for it", async () => {
  const { guest, instance, unpublish } = await withGuest();
  const { conversation } = await begin(guest, instance.id, { message: "About tea" });
  await said(guest, conversation.id, "And about coffee?");
  await unpublish();
  await bodyOf(await send("POST", `${root}/${conversation.id}/stop`, undefined, guest.headers), 200);
  expect(await rolesOf(guest, conversation.id)).toEqual([
    "user complete",
    "assistant stopped",
    "user complete",
  ]);
});

it("A persona that is published no more does not answer what is handed back to it", async () => {
  const { guest, instance, unpublish } = await withGuest();
  const { conversation } = await begin(guest, instance.id);
  const staff = await createUser(clientId, { role: "moderator" });
  const act = async (action: string) =>
    bodyOf(
      await send("POST", `/api/v1/admin/conversations/${conversation.id}/${action}`, {}, staff.headers),
      200,
    );
  await act("take");
  await said(guest, conversation.id, "About tea");
  await unpublish();
  await act("hand-back");
  expect(await rolesOf(guest, conversation.id)).toEqual([
    "system complete",
    "user complete",
    "system complete",
  ]);
});

it("Thirty conversations are begun in an hour, however many of them are erased", async () => {
  const { user, instance } = await withPersona(clientId);
  for (let time = 0; time < 30; time++) {
    const { conversation } = await begin(user, instance.id);
    expect(
      (await call(`${root}/${conversation.id}`, { method: "DELETE", headers: user.headers })).status,
    ).toBe(204);
  }
  const refused = await send("POST", root, { instance_id: instance.id }, user.headers);
  expect([refused.status, Number(refused.headers.get("retry-after")) > 3500]).toEqual([429, true]);
});
