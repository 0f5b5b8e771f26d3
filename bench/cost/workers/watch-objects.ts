import { statementOf } from "../meters.ts";
import { count, gauge } from "./counter.ts";

/** What a statement gives: rows are counted as they are read, so its figures are asked for later. */
const rowsOf = (cursor: unknown, which: "rowsRead" | "rowsWritten"): number =>
  typeof cursor === "object" && cursor !== null ? Number(Reflect.get(cursor, which)) : 0;

/** Puts something in a method's place that stands around it. */
function around(
  target: object,
  name: string,
  instead: (original: () => unknown, self: object, call: unknown[]) => unknown,
): void {
  const original: unknown = Reflect.get(target, name);
  if (typeof original !== "function") throw new Error(`${name} is no method`);
  Object.defineProperty(target, name, {
    configurable: true,
    value(this: object, ...call: unknown[]) {
      return instead(() => Reflect.apply(original, this, call), this, call);
    },
  });
}

/** The same object's state, which counts the rows that its storage reads and writes. */
export function watchedState(name: string, ctx: DurableObjectState): DurableObjectState {
  const { storage } = ctx;
  const { sql } = storage;
  const writeOne = (what: string) => (original: () => unknown) => {
    count("objectRowsWritten", `${name} ${what}`);
    return original();
  };
  around(sql, "exec", (original, _, [statement]) => {
    const cursor = original();
    // What it says is whole once it has been read to its end, which is within this turn.
    queueMicrotask(() => {
      const origin = `${name} ${statementOf(String(statement))}`;
      count("objectRowsRead", origin, rowsOf(cursor, "rowsRead"));
      count("objectRowsWritten", origin, rowsOf(cursor, "rowsWritten"));
      gauge("objectBytes", name, sql.databaseSize);
    });
    return cursor;
  });
  around(storage, "setAlarm", writeOne("alarm"));
  around(storage.kv, "put", writeOne("key"));
  return ctx;
}

/** Is told of nothing that is billed as a request. */
const unbilled: readonly string[] = ["constructor", "webSocketClose", "webSocketError"];

/** Has a class of objects count what it is asked, and how long an object has something to do, side by side or not. */
export function watchCalls(name: string, prototype: object): void {
  const busy = new WeakMap<object, { calls: number; since: number }>();
  const begin = (self: object) => {
    const { calls, since } = busy.get(self) ?? { calls: 0, since: 0 };
    busy.set(self, { calls: calls + 1, since: calls === 0 ? Date.now() : since });
  };
  const end = (self: object) => {
    const { calls, since } = busy.get(self) ?? { calls: 1, since: Date.now() };
    busy.set(self, { calls: calls - 1, since });
    if (calls === 1) count("objectMilliseconds", name, Date.now() - since);
  };
  for (const method of Object.getOwnPropertyNames(prototype)) {
    if (unbilled.includes(method)) continue;
    around(prototype, method, (original, self) => {
      const isMessage = method === "webSocketMessage";
      count(isMessage ? "socketMessages" : "objectRequests", `${name} ${method}`);
      begin(self);
      const answer = original();
      const ended = () => end(self);
      Promise.resolve(answer).then(ended, ended);
      return answer;
    });
  }
}
