import { z } from "zod";
import { errorBody } from "#src/http/error-response.ts";
import type { Actor } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Call, Operation, Performed } from "#src/operation/operation.ts";
import { perform } from "#src/operation/perform.ts";
import type { Platform } from "#src/platform.ts";
import { call } from "./api.ts";
import { allOperations } from "./operations.ts";
import { testPlatform } from "./platform-in-process.ts";
import type { TestUser } from "./users.ts";

/** What is asked for, whatever the way. */
export interface Asked {
  operation: string;
  input: { params?: Record<string, string>; query?: Record<string, string>; body?: unknown };
  key?: string;
}

/** What a way answers: what came of it, or the refusal as it is on the wire, without the request's id. */
export type Answer = { output: unknown; replayed: boolean } | { refused: unknown };

/** Carries out what somebody asks for. */
export type WayIn = (user: TestUser, asked: Asked) => Promise<Answer>;

type Performing = (
  platform: Platform,
  actor: Actor,
  input: Record<string, unknown>,
  call: Call,
) => Promise<Performed<unknown>>;
type Offered = Readonly<Record<string, Performing>>;

/** An operation that ways in offer by its name. */
export const offer = <I extends z.ZodObject, O extends z.ZodType, A extends Actor>(
  operation: Operation<I, O, A>,
): [string, Performing] => [
  operation.name,
  (platform, actor, input, call) => perform(operation, platform, actor, input, call),
];

/** Where every call comes from. */
const device = { ip: "unknown", userAgent: "ways-in" };

const refusalSchema = z.looseObject({ error: z.string(), request_id: z.string() });
const refusalOf = (body: unknown): Answer => {
  const { request_id, ...refused } = refusalSchema.parse(body);
  return { refused };
};

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** By the gateway's REST address of the operation. */
export async function byRest(): Promise<WayIn> {
  const addresses = await allOperations();
  return async ({ headers }, { operation, input: { params = {}, query = {}, body }, key }) => {
    const found = addresses.find(({ id }) => id === operation);
    if (!found) throw new Error(`${operation} has no address`);
    const path = found.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(params[name] ?? ""),
    );
    const answer = await call(`${path}?${new URLSearchParams(query)}`, {
      method: found.method,
      headers: {
        ...headers,
        "user-agent": device.userAgent,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(key === undefined ? {} : { "idempotency-key": key }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const said = await answer.json();
    return answer.ok
      ? { output: said, replayed: answer.headers.get("idempotent-replayed") === "true" }
      : refusalOf(said);
  };
}

/** By a call within the process. */
export const inProcess =
  (offered: Offered): WayIn =>
  async ({ actor }, { operation, input, key: idempotencyKey }) => {
    const performing = offered[operation];
    if (!performing) throw new Error(`${operation} is not offered`);
    try {
      const performed = await performing(
        testPlatform(),
        { ...actor, via: "job", device },
        { ...input },
        { idempotencyKey },
      );
      return { output: asJson(performed.output), replayed: performed.replayed };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return refusalOf(asJson(errorBody(error, "none")));
    }
  };

const frameSchema = z.object({
  id: z.string(),
  operation: z.string(),
  input: z.record(z.string(), z.unknown()),
  key: z.string().optional(),
});
const answerFrameSchema = z.object({
  id: z.string(),
  output: z.unknown().optional(),
  replayed: z.boolean().optional(),
  error: z.unknown().optional(),
});

/** The far end of a socket whose frames are calls: the least that a way in is. */
function serve(socket: WebSocket, offered: Offered, actor: Actor): void {
  const answerOf = async (data: unknown) => {
    const { id, operation, input, key } = frameSchema.parse(JSON.parse(String(data)));
    try {
      const performing = offered[operation];
      if (!performing) throw new AppError("NOT_FOUND");
      return { id, ...(await performing(testPlatform(), actor, input, { idempotencyKey: key })) };
    } catch (error) {
      const refusal = error instanceof AppError ? error : new AppError("INTERNAL_ERROR", { cause: error });
      return { id, error: errorBody(refusal, id) };
    }
  };
  socket.accept();
  socket.addEventListener("message", ({ data }) => {
    answerOf(data).then(
      (answer) => socket.send(JSON.stringify(answer)),
      () => socket.close(1003, "Not a frame"),
    );
  });
}

/** By frames over a WebSocket. */
export const overWebSocket =
  (offered: Offered): WayIn =>
  async ({ actor }, { key, ...asked }) => {
    const [near, far] = Object.values(new WebSocketPair());
    if (!near || !far) throw new Error("No pair of sockets");
    serve(far, offered, { ...actor, via: "websocket", device });
    near.accept();
    const answered = new Promise<MessageEvent>((resolve) => near.addEventListener("message", resolve));
    near.send(JSON.stringify({ id: "1", ...asked, key }));
    const { output, replayed, error } = answerFrameSchema.parse(JSON.parse(String((await answered).data)));
    near.close();
    return replayed === undefined ? refusalOf(error) : { output, replayed };
  };
