/**
 * What kind of call it is. Those of an account count against the limits of its tier, whatever they are; of who has not
 * said who they are, signing in counts apart, and against stricter ones.
 */
export type RateClass = "read" | "write" | "execute" | "sign-in";
