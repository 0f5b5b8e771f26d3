import { z } from "zod";
import { type ApiClient, dataOf, type PersonaClient, type Run } from "#client/index.ts";

const answerSchema = z.object({ answer: z.string() });

const name = "Order desk";

/** A persona that answers what customers ask about their orders. */
const template = {
  name,
  description: "Answers what customers ask about their orders; asks you before it cancels one.",
  category: "commerce",
  config: {
    model: "claude-haiku-5-5",
    temperature: 0.2,
    max_tokens: 1024,
    system_prompt:
      "You work at a shop's order desk. Look orders up before you speak of them, and say nothing that the tools did not tell you.",
    input_schema: {
      type: "object",
      properties: { question: { type: "string", minLength: 1, maxLength: 500 } },
      required: ["question"],
    },
    workflow: {
      start_step: "answer",
      steps: {
        answer: {
          action: "ai_text_generate",
          description: "Look it up and answer",
          input: { prompt: "Answer the customer: {{input.question}}" },
          tools: ["orders.find", "orders.get", "products.find", "stock.get", "orders.cancel"],
          next_step: "done",
        },
        done: { action: "complete_workflow", input: { answer: "{{steps.answer.output.text}}" } },
      },
    },
  },
};

async function openDesk(api: ApiClient): Promise<string> {
  const { templates } = dataOf(await api.GET("/api/v1/personas/templates"));
  const made = templates.find((each) => each.name === name);
  const { id: template_id } = made ?? dataOf(await api.POST("/api/v1/templates", { body: template }));
  const body = { template_id, name: `Demo: ${name}` };
  return dataOf(await api.POST("/api/v1/personas/instances", { body })).id;
}

/** A customer asks a persona about an order, twice; before it cancels the order, it asks whoever it works for. */
export async function askOrderDesk({ api, runs }: PersonaClient, number: number): Promise<void> {
  const instanceId = await openDesk(api);
  const ask = (question: string) => {
    console.log(`\n“${question}”`);
    return runs.execute(instanceId, { input: { question } });
  };
  const answerOf = async (run: Run) => {
    const { result } = await run.result();
    console.log(`  “${answerSchema.parse(result).answer}”`);
  };
  await answerOf(await ask(`Where is order ${number}?`));
  const run = await ask(`Please cancel order ${number}`);
  for await (const { event, data } of run.events()) {
    if (event !== "execution.paused") continue;
    console.log(`  It asks first: ${JSON.stringify(data)}`);
    await run.approve();
    break;
  }
  await answerOf(run);
}
