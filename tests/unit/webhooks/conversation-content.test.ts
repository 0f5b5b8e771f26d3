import { expect, it } from "vitest";
import { send as sendTo } from "../../support/api.ts";
import { newConversation, newPlace, owner, send } from "../../support/conversations.ts";
import { bodyOf } from "../../support/personas.ts";
import { createClient } from "../../support/users.ts";
import { receiver, webhookOf } from "../../support/webhooks.ts";

const clientId = "webhook_content";

it("What a message says is posted to those alone that ask for it, as it stands by then", async () => {
  await createClient(clientId);
  const [plain, full] = [receiver("plain.example"), receiver("full.example")];
  const events: ["conversation.message"] = ["conversation.message"];
  await webhookOf(clientId, plain.url, { events });
  const { id, admin } = await webhookOf(clientId, full.url, { events, include_content: true });
  const place = newPlace(clientId);
  const conversation = await newConversation({}, place);
  const { message } = await send(conversation, "Which tea?", { wantsReply: false });
  const [[without], [within]] = await Promise.all([plain.messages(1), full.messages(1)]);
  expect(within?.body.data).toMatchObject({
    message_id: message.id,
    sender_id: owner,
    content: "Which tea?",
  });
  expect(without?.body).toEqual({ ...within?.body, data: { ...within?.body.data, content: undefined } });
  await conversation.remove({ caller: { id: owner, as: "owner" }, messageId: message.id });
  const path = `/api/v1/webhooks/${id}/deliveries/${within?.headers["webhook-id"]}/redeliver`;
  await bodyOf(await sendTo("POST", path, undefined, admin.headers), 202);
  const [, again] = await full.messages(2);
  expect(again?.body.data).toMatchObject({ message_id: message.id, content: "" });
});
