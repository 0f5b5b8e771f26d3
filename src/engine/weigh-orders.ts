import { jsonBytes, limits } from "./limits.ts";
import type { RunState } from "./run-state.ts";
import type { RunError } from "./run-view.ts";
import type { TaskOrder } from "./step-orders.ts";

export const tooLarge = (name: string, what: string): RunError => ({
  code: "PAYLOAD_TOO_LARGE",
  message: `${what} of ${name} is too large`,
  details: { step: name },
});

/** The orders of a step, those with too large an input without it; and how large all inputs of the run are with them. */
export function weighed(run: RunState, name: string, wanted: readonly TaskOrder[]) {
  let inputBytes = run.inputBytes ?? 0;
  const orders = wanted.map((order): TaskOrder => {
    const bytes = jsonBytes(order.input);
    if (bytes > limits.taskInputBytes) return { ...order, input: {}, error: tooLarge(name, "The input") };
    if (inputBytes + bytes > limits.runInputBytes)
      return { ...order, input: {}, error: tooLarge(name, "With those before it, the input") };
    inputBytes += bytes;
    return { ...order, inputBytes: bytes };
  });
  return { orders, inputBytes };
}
