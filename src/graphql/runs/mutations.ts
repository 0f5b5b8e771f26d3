import { resumeRun } from "#src/runs/index.ts";
import { builder } from "../builder.ts";
import { askFor } from "../context.ts";
import { idOf } from "../global-id.ts";
import { inputType } from "../input-type.ts";
import { keyArg, writing } from "../mutation-field.ts";
import { Run, startedRun } from "./run-type.ts";

const ResumeRun = inputType("ResumeRunInput", resumeRun.input.shape.body);

/** What goes on with runs. */
export function addRunMutations(): void {
  builder.mutationField("resumeRun", (t) =>
    t.field({
      ...writing(resumeRun),
      type: Run,
      args: {
        id: t.arg.id({ required: true }),
        input: t.arg({ type: ResumeRun.type, required: true }),
        ...keyArg(t.arg),
      },
      resolve: async (_root, { id, input, idempotencyKey }, context) => {
        const asked = { params: { correlation_id: idOf("Run", id) }, body: ResumeRun.bodyOf(input) };
        return startedRun(await askFor(context, resumeRun, asked, idempotencyKey));
      },
    }),
  );
}
