import { toolPolicySchema } from "#src/engine/tool-loop/tool-policy.ts";
import { updateInstance } from "#src/personas/index.ts";
import { createTrigger, deleteTrigger, listTriggers, updateTrigger } from "#src/triggers/index.ts";
import { builder } from "../builder.ts";
import { connectionOf, pageQuery } from "../connection.ts";
import { ask, askFor } from "../context.ts";
import { costs } from "../field-cost.ts";
import { idOf } from "../global-id.ts";
import { inputType } from "../input-type.ts";
import { keyArg, writing } from "../mutation-field.ts";
import { pageArgs } from "../page-args.ts";
import type { Row } from "../rows.ts";
import { viewType } from "../view-type.ts";
import { PersonaInstance } from "./queries.ts";

const PersonaTool = viewType("PersonaTool", toolPolicySchema.element);
const PersonaToolInput = inputType("PersonaToolInput", toolPolicySchema.element);
const Trigger = viewType("Trigger", createTrigger.output);
const TriggerConnection = connectionOf("Trigger", Trigger);
const CreateTrigger = inputType("CreateTriggerInput", createTrigger.input.shape.body);
const UpdateTrigger = inputType("UpdateTriggerInput", updateTrigger.input.shape.body);

/** What a persona's configuration says of tools. */
const toolsOf = ({ config }: Row): Row[] => {
  const policy =
    typeof config === "object" && config !== null && "tool_policy" in config && config.tool_policy;
  return toolPolicySchema.safeParse(policy).data ?? [];
};

/** A trigger is found by its persona and its own id. */
const paramsOf = (instanceId: string, id: string) => ({
  instance_id: idOf("PersonaInstance", instanceId, "instanceId"),
  trigger_id: id,
});

/** What personas may use, and what starts them. */
export function addTriggers(): void {
  builder.objectFields(PersonaInstance, (t) => ({
    tools: t.field({
      type: [PersonaTool],
      nullable: false,
      description: "What is said of its tools; one of which nothing is said is allowed",
      resolve: toolsOf,
    }),
    triggers: t.field({
      type: TriggerConnection,
      description: listTriggers.summary,
      args: pageArgs(t.arg),
      extensions: costs(1, "page"),
      resolve: async ({ id }, args, context) => {
        const query = pageQuery(args);
        const params = { instance_id: String(id) };
        const { triggers, next_cursor } = await ask(context, listTriggers, { params, query });
        return { rows: triggers, nextCursor: next_cursor, after: query.cursor };
      },
    }),
  }));
  builder.mutationFields((t) => ({
    setPersonaTools: t.field({
      ...writing({ summary: "Say which tools a persona may use; what was said before is forgotten" }),
      type: PersonaInstance,
      args: {
        id: t.arg.id({ required: true }),
        tools: t.arg({ type: [PersonaToolInput.type], required: true }),
      },
      resolve: (_root, { id, tools }, context) =>
        askFor(context, updateInstance, {
          params: { instance_id: idOf("PersonaInstance", id) },
          body: { config: { tool_policy: tools.map(PersonaToolInput.bodyOf) } },
        }),
    }),
    createTrigger: t.field({
      ...writing(createTrigger),
      type: Trigger,
      args: {
        instanceId: t.arg.id({ required: true }),
        input: t.arg({ type: CreateTrigger.type, required: true }),
        ...keyArg(t.arg),
      },
      resolve: (_root, { instanceId, input, idempotencyKey }, context) => {
        const params = { instance_id: idOf("PersonaInstance", instanceId, "instanceId") };
        return askFor(context, createTrigger, { params, body: CreateTrigger.bodyOf(input) }, idempotencyKey);
      },
    }),
    updateTrigger: t.field({
      ...writing(updateTrigger),
      type: Trigger,
      args: {
        instanceId: t.arg.id({ required: true }),
        id: t.arg.id({ required: true }),
        input: t.arg({ type: UpdateTrigger.type, required: true }),
      },
      resolve: (_root, { instanceId, id, input }, context) => {
        const body = UpdateTrigger.bodyOf(input);
        return askFor(context, updateTrigger, { params: paramsOf(instanceId, id), body });
      },
    }),
    deleteTrigger: t.field({
      ...writing(deleteTrigger),
      type: "ID",
      args: { instanceId: t.arg.id({ required: true }), id: t.arg.id({ required: true }) },
      resolve: async (_root, { instanceId, id }, context) => {
        await askFor(context, deleteTrigger, { params: paramsOf(instanceId, id) });
        return id;
      },
    }),
  }));
}
