import { getInstance, listInstances } from "#src/personas/index.ts";
import { builder } from "../builder.ts";
import { connectionOf, pageQuery } from "../connection.ts";
import { ask, type GraphqlContext, oncePerRequest } from "../context.ts";
import { costs } from "../field-cost.ts";
import { idOf } from "../global-id.ts";
import { pageArgs } from "../page-args.ts";
import { findProject, Project } from "../projects/queries.ts";
import { viewType } from "../view-type.ts";

export const PersonaInstance = viewType(
  "PersonaInstance",
  // Its runs are a field of their own here.
  getInstance.output.omit({ last_run: true }),
  { node: "id" },
);
const PersonaConnection = connectionOf("PersonaInstance", PersonaInstance);

interface Asked {
  first?: number | null;
  after?: string | null;
}

/** A page of one's own personas, of a project or of all. */
async function pageOfPersonas(context: GraphqlContext, args: Asked, projectId: string | undefined) {
  const query = pageQuery(args);
  const { instances, next_cursor } = await ask(context, listInstances, {
    query: { ...query, project_id: projectId },
  });
  return { rows: instances, nextCursor: next_cursor, after: query.cursor };
}

export const findPersona = oncePerRequest((context, id) =>
  ask(context, getInstance, { params: { instance_id: id } }),
);

/** Personas, one's own. */
export function addPersonas(): void {
  builder.queryFields((t) => ({
    personas: t.field({
      type: PersonaConnection,
      description: listInstances.summary,
      args: { projectId: t.arg.id(), ...pageArgs(t.arg) },
      extensions: costs(1, "page"),
      resolve: (_root, { projectId, ...args }, context) =>
        pageOfPersonas(context, args, projectId ? idOf("Project", projectId, "projectId") : undefined),
    }),
    persona: t.field({
      type: PersonaInstance,
      description: getInstance.summary,
      args: { id: t.arg.id({ required: true }) },
      resolve: (_root, { id }, context) => findPersona(context, idOf("PersonaInstance", id)),
    }),
  }));
  builder.objectField(Project, "instances", (t) =>
    t.field({
      type: PersonaConnection,
      description: "One's own personas in the project",
      args: pageArgs(t.arg),
      extensions: costs(1, "page"),
      resolve: ({ id }, args, context) => pageOfPersonas(context, args, String(id)),
    }),
  );
  builder.objectField(PersonaInstance, "project", (t) =>
    t.field({
      type: Project,
      resolve: ({ project_id: id }, _args, context) =>
        id === null ? null : findProject(context, String(id)),
    }),
  );
}
