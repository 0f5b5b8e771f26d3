import { z } from "@hono/zod-openapi";
import { foundMessageSchema, ownMessagesWith } from "#src/chat/index.ts";
import { runStatuses } from "#src/engine/run-view.ts";
import type { Account } from "#src/kernel/actor.ts";
import { isoTime } from "#src/kernel/clock.ts";
import { operation } from "#src/operation/operation.ts";
import { findInstance, instancesNamedLike } from "#src/personas/index.ts";
import type { Platform } from "#src/platform.ts";

/** As many of each kind. */
const limit = 10;

const foundRunSchema = z
  .object({
    id: z.uuid(),
    instance_id: z.uuid().nullable(),
    name: z.string().nullable().openapi({ description: "The persona's; null of one that is gone" }),
    status: z.enum(runStatuses),
    created_at: z.iso.datetime(),
  })
  .openapi("FoundRun");
type FoundRun = z.infer<typeof foundRunSchema>;

const foundSchema = z
  .object({
    personas: z
      .array(z.object({ id: z.uuid(), name: z.string() }))
      .openapi({ description: "With this in their name" }),
    runs: z
      .array(foundRunSchema)
      .openapi({ description: "The run with this id, and the newest of personas with this in their name" }),
    messages: z
      .array(foundMessageSchema)
      .openapi({ description: "With these words in them, the newest first" }),
  })
  .openapi("Found");

export const search = operation({
  name: "search",
  summary: "What is one's own, by a word or an id: personas, runs and messages, ten of each",
  input: z.object({
    query: z.strictObject({
      q: z.string().trim().min(2).max(200).openapi({
        description: "A part of a persona's name, words of a message, or the id of a run",
        example: "travel",
      }),
    }),
  }),
  output: foundSchema,
  run: async (platform, actor, { query: { q } }) => {
    const [named, run, messages] = await Promise.all([
      instancesNamedLike(platform.db, actor, q),
      runWithId(platform, actor, q),
      ownMessagesWith(platform, actor, { q, order: "newest", limit }),
    ]);
    const livingPersonas = named.filter(({ deletedAt }) => deletedAt === null);
    return {
      personas: livingPersonas.slice(0, limit).map(({ id, name }) => ({ id, name })),
      runs: run ? [run] : await runsOf(platform, actor, named),
      messages,
    };
  },
});

/** A run of the caller's by its id; undefined for any other text. */
async function runWithId(
  { objects, db }: Platform,
  actor: Account,
  text: string,
): Promise<FoundRun | undefined> {
  const id = z.uuid().safeParse(text).data;
  if (id === undefined) return undefined;
  const workflows = await objects.workflowsOfRun(actor.clientId, id);
  const found = await workflows.getRun(id, { userId: actor.userId });
  if (!found.ok) return undefined;
  const { instance_id, status, created_at } = found.value;
  const persona = instance_id === null ? undefined : await findInstance(db, actor, instance_id);
  return { id, instance_id, name: persona?.name ?? null, status, created_at };
}

/** The newest runs of some personas. */
async function runsOf(
  { history }: Platform,
  actor: Account,
  personas: readonly { id: string; name: string }[],
): Promise<FoundRun[]> {
  if (personas.length === 0) return [];
  const names = new Map(personas.map(({ id, name }) => [id, name]));
  const rows = await history.ofUser(actor, { instanceIds: [...names.keys()] }, { after: undefined, limit });
  return rows.slice(0, limit).map(({ correlationId, instanceId, status, createdAt }) => ({
    id: correlationId,
    instance_id: instanceId,
    name: names.get(instanceId ?? "") ?? null,
    status,
    created_at: isoTime(createdAt),
  }));
}
