import { createRoute as describeRoute, type RouteConfig, z } from "@hono/zod-openapi";
import { entityTag } from "./entity-tag.ts";

/**
 * A route with what every route of the platform has: an answer 201 says where the new thing is, and a single thing can
 * be asked for with `If-None-Match`.
 */
export function createRoute<P extends string, R extends Omit<RouteConfig, "path"> & { path: P }>(route: R) {
  complete(route);
  return describeRoute<P, R>(route);
}

const location = z.object({
  Location: z
    .string()
    .openapi({ description: "Where the new thing is", example: "/api/v1/projects/0199c1b2" }),
});

const etag = z.object({
  ETag: z.string().openapi({ description: "Changes with what is answered", example: 'W/"q1C3…"' }),
});

function complete(route: RouteConfig): void {
  const { 200: found, 201: created } = route.responses;
  if (created) route.responses[201] = { ...created, headers: location };
  if (!found || !isSingleThing(route)) return;
  route.responses[200] = { ...found, headers: etag };
  route.responses[304] = { description: "Unchanged since the `ETag` in `If-None-Match`" };
  route.middleware = [route.middleware ?? [], entityTag].flat();
}

/** Whether a route reads one thing as JSON: one that may not be there, no list, and nothing that may be told without end. */
function isSingleThing({ method, responses }: RouteConfig): boolean {
  if (method !== "get" || !(404 in responses)) return false;
  const found = responses[200];
  const content = found && "content" in found ? found.content : undefined;
  if (content && "text/event-stream" in content) return false;
  const json = content?.["application/json"];
  const schema = json && "schema" in json ? json.schema : undefined;
  return schema instanceof z.ZodObject && !("next_cursor" in schema.shape);
}
