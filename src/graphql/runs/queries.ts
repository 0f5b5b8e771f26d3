import { getRun, listRuns, listRunsOfInstance } from "#src/runs/index.ts";
import { builder } from "../builder.ts";
import { connectionOf, pageQuery } from "../connection.ts";
import { ask } from "../context.ts";
import { RunStatus } from "../enums.ts";
import { costs } from "../field-cost.ts";
import { idOf } from "../global-id.ts";
import { pageArgs } from "../page-args.ts";
import { findPersona, PersonaInstance } from "../personas/queries.ts";
import { fieldOf } from "../rows.ts";
import { findRun, listedRun, Run } from "./run-type.ts";

const RunConnection = connectionOf("Run", Run);

const RunFilter = builder.inputType("RunFilter", {
  fields: (t) => ({
    status: t.field({ type: RunStatus }),
    instanceId: t.id(),
    projectId: t.id(),
    dateFrom: t.field({ type: "DateTime", description: "Begun then or later" }),
    dateTo: t.field({ type: "DateTime", description: "Begun before" }),
    q: t.string({ description: "Part of the persona's name" }),
  }),
});

/** An id that a filter may name. */
const named = (type: string, id: string | null | undefined, argument: string) =>
  id ? idOf(type, id, `filter.${argument}`) : undefined;

/** Runs, one's own. */
export function addRuns(): void {
  builder.queryFields((t) => ({
    runs: t.field({
      type: RunConnection,
      description: listRuns.description,
      args: { filter: t.arg({ type: RunFilter }), ...pageArgs(t.arg) },
      extensions: costs(1, "page"),
      resolve: async (_root, { filter, ...args }, context) => {
        const query = pageQuery(args);
        const { status, instanceId, projectId, dateFrom, dateTo, q } = filter ?? {};
        const asked = {
          status: status ?? undefined,
          instance_id: named("PersonaInstance", instanceId, "instanceId"),
          project_id: named("Project", projectId, "projectId"),
          since: dateFrom ?? undefined,
          until: dateTo ?? undefined,
          q: q ?? undefined,
        };
        const { runs, next_cursor } = await ask(context, listRuns, { query: { ...query, ...asked } });
        return { rows: runs.map(listedRun), nextCursor: next_cursor, after: query.cursor };
      },
    }),
    run: t.field({
      type: Run,
      description: getRun.summary,
      args: { id: t.arg.id({ required: true }) },
      resolve: (_root, { id }, context) => findRun(context, idOf("Run", id)),
    }),
  }));
  builder.objectField(PersonaInstance, "runs", (t) =>
    t.field({
      type: RunConnection,
      description: listRunsOfInstance.summary,
      args: pageArgs(t.arg),
      extensions: costs(1, "page"),
      resolve: async ({ id }, args, context) => {
        const query = pageQuery(args);
        const asked = { params: { instance_id: String(id) }, query };
        const { runs, next_cursor } = await ask(context, listRunsOfInstance, asked);
        return { rows: runs.map(listedRun), nextCursor: next_cursor, after: query.cursor };
      },
    }),
  );
  builder.objectField(Run, "persona", (t) =>
    t.field({
      type: PersonaInstance,
      resolve: async (run, _args, context) => {
        const id = await fieldOf(run, "instance_id", context);
        return typeof id === "string" ? findPersona(context, id) : null;
      },
    }),
  );
}
