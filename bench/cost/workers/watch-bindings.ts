import { z } from "zod";
import { statementOf } from "../meters.ts";
import { count, gauge } from "./counter.ts";

type Method = (method: string, call: readonly unknown[]) => void;

/** The same binding, which tells which of its methods are called. */
const telling = (binding: object, tell: Method): object =>
  new Proxy(binding, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return (...call: unknown[]) => {
        tell(String(name), call);
        return Reflect.apply(value, target, call);
      };
    },
  });

/** A message is written, read and deleted, each for every 64 KB that it has. */
const operationsOf = (body: unknown): number =>
  3 * Math.ceil(Buffer.byteLength(JSON.stringify(body)) / 64_000);

const bodiesSchema = z.array(z.object({ body: z.unknown() }));

const queueTold =
  (name: string): Method =>
  (method, [first]) => {
    const bodies =
      method === "send"
        ? [first]
        : method === "sendBatch"
          ? bodiesSchema.parse(first).map((m) => m.body)
          : [];
    for (const body of bodies) count("queueOperations", name, operationsOf(body));
  };

const cacheTold =
  (name: string): Method =>
  (method) =>
    count(method.startsWith("get") ? "cacheReads" : "cacheWrites", `${name} ${method}`);

const sizeOf = (content: unknown): number =>
  typeof content === "string"
    ? Buffer.byteLength(content)
    : content instanceof ArrayBuffer || ArrayBuffer.isView(content)
      ? content.byteLength
      : 0;

/** To delete costs nothing. */
const blobsTold =
  (name: string): Method =>
  (method, [, content]) => {
    if (method === "put") count("blobBytes", name, sizeOf(content));
    if (method === "put" || method === "list") count("blobWrites", `${name} ${method}`);
    if (method === "get" || method === "head") count("blobReads", `${name} ${method}`);
  };

const metaSchema = z.object({
  meta: z.object({ rows_read: z.number(), rows_written: z.number(), size_after: z.number() }),
});
const answerSchema = z.union([z.array(metaSchema), metaSchema]);
const querySchema = z.union([z.array(z.string()), z.string()]);

/** All that a D1 database is asked goes through one method of its sessions, whose answers say what they have cost. */
function watchDatabase(withSession: () => object): void {
  const sessions: object = Object.getPrototypeOf(withSession());
  const send: unknown = Reflect.get(sessions, "_send");
  if (typeof send !== "function") throw new Error("D1 sends otherwise than it did");
  Object.defineProperty(sessions, "_send", {
    async value(...call: unknown[]) {
      const answer: unknown = await Reflect.apply(send, this, call);
      const statements = [querySchema.parse(call[1])].flat();
      for (const [index, { meta }] of [answerSchema.parse(answer)].flat().entries()) {
        const statement = `D1 ${statementOf(statements[index] ?? "")}`;
        count("databaseRowsRead", statement, meta.rows_read);
        count("databaseRowsWritten", statement, meta.rows_written);
        gauge("databaseBytes", "D1", meta.size_after);
      }
      return answer;
    },
  });
}

function watched(name: string, binding: object): object {
  if ("sendBatch" in binding) return telling(binding, queueTold(name));
  if ("getWithMetadata" in binding) return telling(binding, cacheTold(name));
  if ("createMultipartUpload" in binding) return telling(binding, blobsTold(name));
  if ("withSession" in binding) {
    const { withSession } = binding;
    if (typeof withSession === "function") watchDatabase(() => Reflect.apply(withSession, binding, []));
  }
  return binding;
}

/** The same bindings, with everything counted that is billed of queues, KV, R2 and D1; to be made once in an isolate. */
export function watchedEnv<E extends object>(env: E): E {
  const bindings = new Map<string, object>();
  for (const [name, binding] of Object.entries(env)) {
    if (typeof binding === "object" && binding !== null) bindings.set(name, watched(name, binding));
  }
  return new Proxy(env, {
    get: (target, name) => bindings.get(String(name)) ?? Reflect.get(target, name),
  });
}
