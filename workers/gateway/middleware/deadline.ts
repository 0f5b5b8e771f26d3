import { AppError } from "#src/kernel/app-error.ts";
import type { Arrival, GatewayRequest } from "../context.ts";

/** Time that a request has, its body included (docs/api.md#requests). */
const maxMs = 30_000;

/** The request with a body that tells how it comes in. */
function watched(request: Request, body: ReadableStream, tell: (arrival: Arrival) => void): Request {
  const { readable, writable } = new IdentityTransformStream();
  tell("arriving");
  body.pipeTo(writable).then(
    () => tell("arrived"),
    () => tell("broken"),
  );
  return new Request(request, { body: readable });
}

/** Turns of what can go on without anything from outside. A call that is over within them has waited for nobody. */
const turnsAtOnce = 64;

/** Whether a call is over before anything could come in from outside. */
async function isOverAtOnce(call: Promise<unknown>): Promise<boolean> {
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  call.then(end, end);
  for (let turn = 0; turn < turnsAtOnce && !isOver; turn++) await undefined;
  return isOver;
}

/**
 * What a call gives, in time; it fails with 504 when it takes too long, with 408 when that is because its body does not
 * arrive. Streams and sockets go on: they have been answered when they begin. A timer costs a tenth of a whole answer
 * out of memory, so it is set for calls that wait for something.
 * @param ms another time than the platform's only in tests
 */
export async function inTime<T>(c: GatewayRequest, call: () => Promise<T>, ms = maxMs): Promise<T> {
  const { raw } = c.req;
  c.set("arrival", "none");
  if (raw.body) c.req.raw = watched(raw, raw.body, (arrival) => c.set("arrival", arrival));
  const answer = call();
  if (!raw.body && (await isOverAtOnce(answer))) return answer;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new AppError(c.get("arrival") === "arriving" ? "REQUEST_TIMEOUT" : "GATEWAY_TIMEOUT"));
    }, ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
