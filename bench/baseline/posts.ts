import { Hono } from "hono";
import { z } from "zod";
import type { ObjectBindings } from "#src/objects/objects.ts";

/** What a bare consumer posts. */
export interface Post {
  url: string;
  id: string;
  body: string;
}

export interface PostsEnv extends Pick<ObjectBindings, "TENANT_WORKFLOWS"> {
  POSTS: Queue<Post>;
}

const askedSchema = z.object({
  url: z.string(),
  client_id: z.string(),
  first: z.number(),
  count: z.number(),
});
const data = { user_id: "01934f5c-8a3e-7b6d-9c2f-4e1a7d5b8c90", email: "ada@example.com" };
/** Messages that a queue, and events that a log, takes at once. */
const atOnce = 100;

const batchesOf = (first: number, count: number): number[][] =>
  Array.from({ length: Math.ceil(count / atOnce) }, (_, batch) =>
    Array.from(
      { length: Math.min(atOnce, count - batch * atOnce) },
      (_, index) => first + batch * atOnce + index,
    ),
  );

/** Has messages posted: as events of a tenant that has a webhook, or by a queue whose consumer only posts. */
export const posts = new Hono<{ Bindings: PostsEnv }>()
  .post("/platform", async (c) => {
    const { client_id, first, count } = askedSchema.parse(await c.req.json());
    const tenant = c.env.TENANT_WORKFLOWS.getByName(client_id);
    for (const batch of batchesOf(first, count))
      await tenant.appendEvents(
        batch.map((number) => ({
          id: `bench-${number}`,
          event: "user.created",
          entityId: `user-${number}`,
          ownerUserId: null,
          data,
        })),
      );
    return c.json({ count });
  })
  .post("/bare", async (c) => {
    const { url, first, count } = askedSchema.parse(await c.req.json());
    for (const batch of batchesOf(first, count))
      await c.env.POSTS.sendBatch(
        batch.map((number) => ({ body: { url, id: `bench-${number}`, body: JSON.stringify({ data }) } })),
      );
    return c.json({ count });
  });

const isPost = (body: unknown): body is Post => typeof body === "object" && body !== null && "url" in body;

/** The barest sender of webhooks: no signature, no log, no second attempt. */
export async function consumePosts({ messages }: Pick<MessageBatch<unknown>, "messages">): Promise<void> {
  await Promise.all(
    messages.map(async ({ body: post }) => {
      if (!isPost(post)) return;
      const { url, id, body } = post;
      const headers = { "content-type": "application/json", "webhook-id": id };
      await (await fetch(url, { method: "POST", headers, body })).arrayBuffer();
    }),
  );
}
