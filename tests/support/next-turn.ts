/**
 * Lets the runtime look at its timers and connections. It does so only when nothing else is to be done: a loop that asks
 * local bindings again and again leaves it no such moment, and whoever it waits for never comes to their turn.
 */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
