import { Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { placeShape } from "#src/events/index.ts";
import { type Actor, isAccount, nobody } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { GatewayContext, GatewayRequest } from "../context.ts";
import { deviceOf } from "../device.ts";
import { graphqlLibrary } from "../graphql-library.ts";
import { graphqlSocket } from "../graphql-socket.ts";
import { isMultipart, uploadedBody } from "../graphql-upload.ts";
import { callerOf, countedCaller } from "../middleware/authenticate.ts";
import { refuseFloods } from "../middleware/flood-guard.ts";
import { hasBody } from "../middleware/json-body.ts";
import { eventStream, heartbeat } from "../rest/event-stream.ts";
import { requireExactJson } from "../rest/exact-json.ts";
import { sessionEndOf } from "../session-end.ts";

/** For a document and its variables (docs/graphql.md#limits). */
const maxBytes = 100 * 1024;

/** For files that come beside it, all of them together; each is within the bounds of what takes it. */
const maxUploadBytes = 20 * 1024 * 1024;

const limitedTo = (max_bytes: number) =>
  bodyLimit({
    maxSize: max_bytes,
    onError: () => {
      throw new AppError("PAYLOAD_TOO_LARGE", { details: { max_bytes } });
    },
  });
const [limitedText, limitedUpload] = [limitedTo(maxBytes), limitedTo(maxUploadBytes)];
const hasFiles = (c: GatewayRequest): boolean => isMultipart(c.req.header("content-type"));

const limited: MiddlewareHandler<GatewayContext> = (c, next) =>
  (hasFiles(c) ? limitedUpload : limitedText)(c, next);

/** Who asks: whoever the token says, or a visitor where there is none. */
async function actorOf(c: GatewayRequest): Promise<Actor> {
  if (c.req.header("authorization") !== undefined)
    return { ...(await countedCaller(c, callerOf)), via: "graphql" };
  await refuseFloods(c);
  return nobody("graphql", deviceOf(c));
}

/**
 * The body's text.
 * @throws AppError `UNSUPPORTED_MEDIA_TYPE`; `VALIDATION_ERROR` for what is no UTF-8, or would not stay what it is
 */
async function textOf(c: GatewayRequest): Promise<string | null> {
  if (!hasBody(c)) return null;
  const bytes = await c.req.arrayBuffer();
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
    await requireExactJson(c);
    return text;
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError("VALIDATION_ERROR", { message: "The request body is not UTF-8", cause: error });
  }
}

/**
 * The body of a form with files, for who has said who they are: of others nothing is read.
 * @throws AppError `UNAUTHORIZED`; `BAD_REQUEST`
 */
async function bodyOfForm(c: GatewayRequest, actor: Actor): Promise<Record<string, unknown>> {
  if (!isAccount(actor)) throw new AppError("UNAUTHORIZED");
  let form: FormData;
  try {
    form = await c.req.formData();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError("BAD_REQUEST", { message: "The form cannot be read", cause });
  }
  return uploadedBody(form);
}

type Library = Awaited<ReturnType<typeof graphqlLibrary>>;
type Frames = Exclude<Awaited<ReturnType<Library["followGraphql"]>>, { errors: unknown }>;

/** Results as server-sent events, as GraphQL-SSE has them for one operation a connection. */
const streamed = (c: GatewayRequest, frames: Frames): Response =>
  eventStream(c, frames, (stream, frame) => {
    switch (frame.type) {
      case "quiet":
        return heartbeat(stream, frame.id);
      case "complete":
        return stream.writeSSE({ event: "complete", data: "" });
      case "next":
        return stream.writeSSE({ id: frame.id, event: "next", data: JSON.stringify(frame.result) });
    }
  });

/** Where a stream goes on that was broken off. @throws AppError `VALIDATION_ERROR` for what is no place */
function placeOf(c: GatewayRequest): string | undefined {
  const given = c.req.header("last-event-id");
  if (given === undefined || placeShape.test(given)) return given;
  throw new AppError("VALIDATION_ERROR", {
    details: { fields: [{ path: "Last-Event-ID", message: "Not the place of an event" }] },
  });
}

function headersOfForm(c: GatewayRequest): Headers {
  const headers = new Headers(c.req.raw.headers);
  headers.set("content-type", "application/json");
  return headers;
}

async function answer(c: GatewayRequest): Promise<Response> {
  if (c.req.header("upgrade")?.toLowerCase() === "websocket") return graphqlSocket(c);
  const hasForm = c.req.method === "POST" && hasFiles(c);
  const sent = hasForm ? null : await textOf(c);
  const actor = await actorOf(c);
  c.set("actor", actor);
  const body = hasForm ? await bodyOfForm(c, actor) : sent;
  const platform = c.get("platform");
  await platform.limits?.take(actor, "read");
  const { answerGraphql, followGraphql } = await graphqlLibrary();
  const { method, url } = c.req;
  const idempotencyKey = c.req.header("idempotency-key");
  const call = { idempotencyKey, sessionEnd: sessionEndOf(c) };
  // What stands in the form is JSON, and read as such.
  const headers = hasForm ? headersOfForm(c) : c.req.raw.headers;
  const request = { method, url, headers, body, call, documents: c.env.CACHE };
  if (headers.get("accept")?.includes("text/event-stream")) {
    const frames = await followGraphql(platform, actor, request, placeOf(c));
    return "errors" in frames ? c.json(frames, 400) : streamed(c, frames);
  }
  const answered = await answerGraphql(platform, actor, request);
  const [text, { status, headers: told = {} }] = answered.answer;
  const response = new Response(text, { status, headers: told });
  if (answered.cost !== undefined) response.headers.set("X-GraphQL-Cost", String(answered.cost));
  if (answered.replayed) response.headers.set("Idempotent-Replayed", "true");
  return response;
}

export const graphql = new Hono<GatewayContext>().on(["GET", "POST"], "/", limited, answer);
