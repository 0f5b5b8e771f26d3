import { z } from "zod";
import { TaskError } from "#src/engine/task-error.ts";
import { type Guarded, guardedCall, type SearchEngine, searchTypes } from "#src/providers/index.ts";
import type { TaskOutcome, TaskWork } from "#src/tasks/index.ts";

const inputSchema = z
  .object({
    query: z.string().trim().min(1).max(2000).optional(),
    /** A run's own input has a topic; a search step without input searches for that. */
    topic: z.string().trim().min(1).max(2000).optional(),
    num_results: z.coerce.number().int().min(1).max(100).default(10),
    search_type: z.enum(searchTypes).default("web"),
  })
  .transform(({ query, topic, ...rest }) => ({ query: query ?? topic ?? "", ...rest }))
  .refine(({ query }) => query !== "", { path: ["query"], message: "Missing" });

/** The web search adapter (docs/agents.md#adapters). */
export async function searchWeb(
  { assignment, signal, calls }: TaskWork,
  engine: Guarded<SearchEngine>,
): Promise<TaskOutcome> {
  const parsed = inputSchema.safeParse({ ...assignment.agent?.defaultConfig, ...assignment.input });
  if (!parsed.success) throw new TaskError("VALIDATION_ERROR", z.prettifyError(parsed.error));
  const { query, num_results, search_type } = parsed.data;
  const { deadline } = assignment;
  const output = await guardedCall({ ...engine, signal, deadline, watch: calls }, (tried) =>
    engine.service.search({ query, numResults: num_results, type: search_type }, { ...tried, signal }),
  );
  return { output: { ...output } };
}
