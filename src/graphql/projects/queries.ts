import { getProject, listProjects } from "#src/projects/index.ts";
import { builder } from "../builder.ts";
import { connectionOf, pageQuery } from "../connection.ts";
import { ask, oncePerRequest } from "../context.ts";
import { costs } from "../field-cost.ts";
import { idOf } from "../global-id.ts";
import { pageArgs } from "../page-args.ts";
import { viewType } from "../view-type.ts";

export const Project = viewType("Project", getProject.output, { node: "id" });
const ProjectConnection = connectionOf("Project", Project);

export const findProject = oncePerRequest((context, id) =>
  ask(context, getProject, { params: { project_id: id } }),
);

/** Projects, one's own. */
export function addProjects(): void {
  builder.queryFields((t) => ({
    projects: t.field({
      type: ProjectConnection,
      description: listProjects.summary,
      args: pageArgs(t.arg),
      extensions: costs(1, "page"),
      resolve: async (_root, args, context) => {
        const query = pageQuery(args);
        const { projects, next_cursor } = await ask(context, listProjects, { query });
        return { rows: projects, nextCursor: next_cursor, after: query.cursor };
      },
    }),
    project: t.field({
      type: Project,
      description: getProject.summary,
      args: { id: t.arg.id({ required: true }) },
      resolve: (_root, { id }, context) => findProject(context, idOf("Project", id)),
    }),
  }));
}
