import { type ConversationConnection, dataOf, type PersonaClient, signIn } from "#client/index.ts";
import { demo } from "../local/options.ts";
import { makeInstance, signInDemoUser } from "./parts.ts";

const line = (text = ""): void => console.log(text);

/** Longer than anything here takes. */
const patienceMs = 60_000;

/** Something that a conversation tells, waited for. */
const told = <T>(listen: (resolve: (value: T) => void) => () => void, what: string): Promise<T> =>
  new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`Nothing was heard of ${what}`)), patienceMs);
    const stop = listen((value) => {
      clearTimeout(late);
      stop();
      resolve(value);
    });
  });

/** Says something, and prints the answer as it is written. */
async function ask(conversation: ReturnType<PersonaClient["conversations"]["of"]>, content: string) {
  line(`\nUma:      ${content}`);
  process.stdout.write("Persona:  ");
  let said = "";
  for await (const { added, text } of conversation.ask(content, {
    signal: AbortSignal.timeout(patienceMs),
  })) {
    process.stdout.write(added ?? `\n${text}`);
    said = text;
  }
  line();
  if (said === "") throw new Error("The persona has said nothing");
}

const holderIs = (connection: ConversationConnection, holder: string) =>
  told<void>(
    (resolve) =>
      connection.on("holder.changed", ({ data }) => {
        if (data.holder.startsWith(holder)) resolve();
      }),
    `a change to ${holder}`,
  );

/** A conversation with a persona: a tool, a person who takes over in a second client, and the persona again. */
export async function talk(baseUrl: string): Promise<void> {
  const uma = await signInDemoUser(baseUrl);
  const ada = await signIn(demo.accounts[0], { baseUrl });
  const instanceId = await makeInstance(uma.api, "Copywriter");
  dataOf(
    await uma.api.PUT("/api/v1/personas/instances/{instance_id}/chat", {
      params: { path: { instance_id: instanceId } },
      body: { enabled: true, audience: "tenant", tools: ["web_search"], handover: true },
    }),
  );
  const conversation = await uma.conversations.begin(instanceId, { title: "Night trains" });
  const params = { path: { conversation_id: conversation.id } };
  const connection = conversation.connect({ signal: AbortSignal.timeout(patienceMs) });
  await connection.ready;
  connection.on("turn.tool", ({ data }) => {
    if (data.status === "done") line(`\n          (has used ${data.tool})`);
  });

  await ask(conversation, "Which night trains go to Lisbon? Please call `web_search` first.");

  line("\nUma asks for a person.");
  const waiting = holderIs(connection, "queue");
  dataOf(await uma.api.POST("/api/v1/conversations/{conversation_id}/handover", { params, body: {} }));
  await waiting;
  const taken = holderIs(connection, "user:");
  dataOf(await ada.api.POST("/api/v1/admin/conversations/{conversation_id}/take", { params, body: {} }));
  await taken;
  const answer = told<string>(
    (resolve) =>
      connection.on("message.created", ({ data }) => {
        if (data.message.role === "agent") resolve(data.message.content);
      }),
    "what the person says",
  );
  dataOf(
    await ada.api.POST("/api/v1/admin/conversations/{conversation_id}/messages", {
      params,
      body: { client_message_id: crypto.randomUUID(), content: "Ada here: the one from Madrid runs again." },
    }),
  );
  line(`Ada:      ${await answer}`);
  const back = holderIs(connection, "persona");
  dataOf(await ada.api.POST("/api/v1/admin/conversations/{conversation_id}/hand-back", { params, body: {} }));
  await back;
  line("Ada gives the conversation back.");

  await ask(conversation, "And to Porto?");
  connection.close();
  const messages = await conversation.messages();
  line(`\nThe conversation has ${messages.length} messages, and the persona has answered twice.`);
}
