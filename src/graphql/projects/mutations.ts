import { createProject, deleteProject, updateProject } from "#src/projects/index.ts";
import { builder } from "../builder.ts";
import { askFor } from "../context.ts";
import { idOf } from "../global-id.ts";
import { inputType } from "../input-type.ts";
import { keyArg, writing } from "../mutation-field.ts";
import { viewType } from "../view-type.ts";
import { Project } from "./queries.ts";

const CreateProject = inputType("CreateProjectInput", createProject.input.shape.body);
const UpdateProject = inputType("UpdateProjectInput", updateProject.input.shape.body);
const DeletedProject = viewType("DeletedProject", deleteProject.output);

/** What changes projects. */
export function addProjectMutations(): void {
  builder.mutationFields((t) => ({
    createProject: t.field({
      ...writing(createProject),
      type: Project,
      args: { input: t.arg({ type: CreateProject.type, required: true }), ...keyArg(t.arg) },
      resolve: (_root, { input, idempotencyKey }, context) =>
        askFor(context, createProject, { body: CreateProject.bodyOf(input) }, idempotencyKey),
    }),
    updateProject: t.field({
      ...writing(updateProject),
      type: Project,
      args: { id: t.arg.id({ required: true }), input: t.arg({ type: UpdateProject.type, required: true }) },
      resolve: (_root, { id, input }, context) =>
        askFor(context, updateProject, {
          params: { project_id: idOf("Project", id) },
          body: UpdateProject.bodyOf(input),
        }),
    }),
    deleteProject: t.field({
      ...writing(deleteProject),
      type: DeletedProject,
      args: { id: t.arg.id({ required: true }) },
      resolve: (_root, { id }, context) =>
        askFor(context, deleteProject, { params: { project_id: idOf("Project", id) } }),
    }),
  }));
}
