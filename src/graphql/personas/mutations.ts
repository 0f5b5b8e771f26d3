import { createInstance, deleteInstance, updateInstance } from "#src/personas/index.ts";
import { executeInstance, stopInstance } from "#src/runs/index.ts";
import { builder } from "../builder.ts";
import { askFor } from "../context.ts";
import { globalId, idOf } from "../global-id.ts";
import { inputType } from "../input-type.ts";
import { keyArg, writing } from "../mutation-field.ts";
import { Run, startedRun } from "../runs/run-type.ts";
import { viewType } from "../view-type.ts";
import { PersonaInstance } from "./queries.ts";

/** Names that the older contract has for fields that are there. */
const older = ["instance_name"];
const CreatePersona = inputType("CreatePersonaInput", createInstance.input.shape.body, older);
const UpdatePersona = inputType("UpdatePersonaInput", updateInstance.input.shape.body, older);
const ExecutePersona = inputType("ExecutePersonaInput", executeInstance.input.shape.body);
const StopPersona = inputType("StopPersonaInput", stopInstance.input.shape.body);
const StoppedPersona = viewType("StoppedPersona", stopInstance.output);

const paramsOf = (id: string) => ({ instance_id: idOf("PersonaInstance", id) });

/** What changes personas, and has them do something. */
export function addPersonaMutations(): void {
  builder.mutationFields((t) => ({
    createPersona: t.field({
      ...writing(createInstance),
      type: PersonaInstance,
      args: { input: t.arg({ type: CreatePersona.type, required: true }), ...keyArg(t.arg) },
      resolve: (_root, { input, idempotencyKey }, context) =>
        askFor(context, createInstance, { body: CreatePersona.bodyOf(input) }, idempotencyKey),
    }),
    updatePersona: t.field({
      ...writing(updateInstance),
      type: PersonaInstance,
      args: { id: t.arg.id({ required: true }), input: t.arg({ type: UpdatePersona.type, required: true }) },
      resolve: (_root, { id, input }, context) =>
        askFor(context, updateInstance, { params: paramsOf(id), body: UpdatePersona.bodyOf(input) }),
    }),
    deletePersona: t.field({
      ...writing(deleteInstance),
      type: "ID",
      args: { id: t.arg.id({ required: true }) },
      resolve: async (_root, { id }, context) => {
        const params = paramsOf(id);
        await askFor(context, deleteInstance, { params });
        return globalId("PersonaInstance", params.instance_id);
      },
    }),
    executePersona: t.field({
      ...writing(executeInstance),
      type: Run,
      args: {
        id: t.arg.id({ required: true }),
        input: t.arg({ type: ExecutePersona.type }),
        wait: t.arg.int({ description: "Seconds to wait for its end, at most 25" }),
        ...keyArg(t.arg),
      },
      resolve: async (_root, { id, input, wait, idempotencyKey }, context) => {
        const asked = {
          params: paramsOf(id),
          query: wait === undefined || wait === null ? {} : { wait },
          body: ExecutePersona.bodyOf(input ?? {}),
        };
        return startedRun(await askFor(context, executeInstance, asked, idempotencyKey));
      },
    }),
    stopPersona: t.field({
      ...writing(stopInstance),
      type: StoppedPersona,
      args: { id: t.arg.id({ required: true }), input: t.arg({ type: StopPersona.type }) },
      resolve: (_root, { id, input }, context) =>
        askFor(context, stopInstance, { params: paramsOf(id), body: StopPersona.bodyOf(input ?? {}) }),
    }),
  }));
}
