import { z } from "@hono/zod-openapi";
import { taskStatuses } from "#src/engine/run-view.ts";
import { type TaskPage, type TaskQuery, taskViewSchema } from "#src/engine/task-view.ts";
import { cursorQuery, encodeCursor } from "#src/http/cursor.ts";
import { pageFields, skippedBy } from "#src/http/page.ts";

const included = ["input", "output", "input,output"] as const;

/** What a list of a run's tasks may be asked for. */
export const listTasksQuery = cursorQuery().extend({
  step: z.string().max(64).optional(),
  status: z.enum(taskStatuses).optional(),
  include: z.enum(included).optional().openapi({
    description: "What each task was given, and what it gave; a page then ends at 4 MiB of them",
  }),
});

export const taskListSchema = z.object({ tasks: z.array(taskViewSchema), ...pageFields }).openapi("TaskList");

const parts: Record<(typeof included)[number], TaskQuery["include"]> = {
  input: ["input"],
  output: ["output"],
  "input,output": ["input", "output"],
};

export const taskQuery = ({ cursor, include, ...query }: z.infer<typeof listTasksQuery>): TaskQuery => ({
  ...query,
  after: skippedBy(cursor),
  include: include ? parts[include] : [],
});

export const taskListView = ({ tasks, next }: TaskPage): z.infer<typeof taskListSchema> => ({
  tasks,
  count: tasks.length,
  next_cursor: next === null ? null : encodeCursor(next),
});
