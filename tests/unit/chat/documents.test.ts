import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import { describe, expect, it } from "vitest";
import documents from "#workers/documents/index.ts";
import { call } from "../../support/api.ts";
import { upload, uploaded } from "../../support/attachments.ts";
import { answer, begin, said, say, withPersona } from "../../support/chats.ts";
import { pdf } from "../../support/pdfs.ts";
import { bodyOf, present } from "../../support/personas.ts";
import { joined } from "../../support/pictures.ts";
import { deadLetterQueue, sandboxBinding } from "../../support/tasks.ts";

const clientId = "chat_documents";
const tea = pdf({ pages: ["Steep it at eighty degrees", "Oolong wants more"] });

async function conversing() {
  const { user, instance } = await withPersona(clientId);
  const { conversation } = await begin(user, instance.id);
  return { user, id: conversation.id };
}

/** Delivers what waits to be read, as its queue would. */
async function read(body: unknown, attempts = 1) {
  const { letters, queue } = deadLetterQueue();
  const batch = createMessageBatch("document-tasks", [
    { id: uuidv7(), timestamp: new Date(), attempts, body },
  ]);
  const ctx = createExecutionContext();
  await documents.queue(batch, { ...env, DOCUMENT_TASKS_DLQ: queue }, ctx);
  return { letters, result: await getQueueResult(batch, ctx) };
}

const about = (id: string, attachment: string) => ({
  type: "document.read",
  client_id: clientId,
  conversation_id: id,
  attachment_id: attachment,
});

const prefix = (id: string) => ({ prefix: `attachments/${clientId}/${id}/` });
const keptOf = async (id: string) => (await env.BLOBS.list(prefix(id))).objects.map(({ key }) => key);
/** A document that does not say outside of what is compressed how many pages it has. */
const secretive = (pages: number) =>
  joined(
    new TextDecoder()
      .decode(pdf({ pages: Array(pages).fill("Tea") }))
      .replace("/Type /Pages", "/Type/#50ages"),
  );

const promptsOf = ({ bodies }: { bodies: string[] }): string => present(bodies.at(-1));

describe("A document", () => {
  it("goes to the persona as it is until it has been answered, and then as its words", async () => {
    const { user, id } = await conversing();
    const file = await uploaded(user, id, tea, "tea.pdf");
    expect(file).toMatchObject({ type: "application/pdf", pages: 2, name: "tea.pdf" });
    expect((await read(about(id, file.id))).result.explicitAcks).toHaveLength(1);
    await said(user, id, "How hot?", { attachments: [file.id] });
    const first = sandboxBinding();
    await answer(clientId, id, first);
    const data = btoa(String.fromCharCode(...tea));
    const block = { type: "document", source: { type: "base64", media_type: "application/pdf", data } };
    expect(JSON.parse(promptsOf(first)).messages[0].content).toContainEqual(block);
    await said(user, id, "And oolong?");
    const second = sandboxBinding();
    await answer(clientId, id, second);
    expect(promptsOf(second)).not.toContain('"document"');
    expect(promptsOf(second)).toContain("Steep it at eighty degrees");
  });

  it("that nobody could read goes to the persona as it is", async () => {
    const { user, id } = await conversing();
    const file = await uploaded(user, id, tea, "tea.pdf");
    await said(user, id, "How hot?", { attachments: [file.id] });
    await answer(clientId, id, sandboxBinding());
    // Its reader has ended before it was done, again and again.
    expect((await read(about(id, file.id), 4)).result.explicitAcks).toHaveLength(1);
    await said(user, id, "And oolong?");
    const second = sandboxBinding();
    await answer(clientId, id, second);
    expect(promptsOf(second)).toContain('"document"');
  });

  it("is found by its words once it was read, also where its message was there before", async () => {
    const { user, id } = await conversing();
    const file = await uploaded(user, id, tea, "tea.pdf");
    await said(user, id, "See", { attachments: [file.id], reply: false });
    await read(about(id, file.id));
    const found = async () => {
      const response = await call("/api/v1/conversations/search?q=oolong", { headers: user.headers });
      return (await bodyOf<{ results: unknown[] }>(response, 200)).results.length;
    };
    await expect.poll(found).toBe(1);
  });

  it("of more pages than are read is none that a message may have, however well it hides them", async () => {
    const { user, id } = await conversing();
    const file = await uploaded(user, id, secretive(101), "long.pdf");
    expect(file.pages).toBeNull();
    await read(about(id, file.id));
    const refused = await say(user, id, "See", { attachments: [file.id] });
    expect(await bodyOf(refused, 422)).toMatchObject({ error: "ATTACHMENT_UNREADABLE" });
    expect((await upload(user, id, secretive(101))).status).toBe(422);
  });

  it("tells its pages once they are known", async () => {
    const { user, id } = await conversing();
    const file = await uploaded(user, id, secretive(3), "short.pdf");
    const { message } = await said(user, id, "See", { attachments: [file.id], reply: false });
    await read(about(id, file.id));
    const path = `/api/v1/conversations/${id}/messages/${message.id}`;
    const response = await call(path, { headers: user.headers });
    expect(await bodyOf(response, 200)).toMatchObject({ attachments: [{ id: file.id, pages: 3 }] });
  });

  it("goes with its words when its conversation is erased, even while it is read", async () => {
    const { user, id } = await conversing();
    const file = await uploaded(user, id, tea, "tea.pdf");
    await read(about(id, file.id));
    expect(await keptOf(id)).toHaveLength(2);
    const bytes = await present(await env.BLOBS.get(present((await keptOf(id))[0]))).bytes();
    await call(`/api/v1/conversations/${id}`, { method: "DELETE", headers: user.headers });
    await expect.poll(() => keptOf(id)).toEqual([]);
    // A call that was under way: its reader finds it, and nobody that it belongs to.
    await env.BLOBS.put(`attachments/${clientId}/${id}/${file.id}`, bytes);
    await read(about(id, file.id));
    expect(await keptOf(id)).toEqual([]);
  });

  it("cannot be asked for by a message that says nothing", async () => {
    const { letters, result } = await read({ type: "nonsense" });
    expect([letters.length, result.explicitAcks.length]).toEqual([1, 1]);
  });
});
