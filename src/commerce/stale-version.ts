import { AppError } from "#src/kernel/app-error.ts";

/** The refusal of a change that was decided on an older version than there is. */
export const staleVersion = (current: number): AppError =>
  new AppError("CONFLICT", { message: "It has changed since", details: { version: current } });
