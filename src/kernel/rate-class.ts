/** How a call counts against the limits of its caller. */
export type RateClass = "read" | "write" | "execute" | "sign-in";
