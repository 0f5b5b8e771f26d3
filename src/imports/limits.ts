import { AppError } from "#src/kernel/app-error.ts";

/** Most rows in one file. */
export const maxImportRows = 50_000;

/** A row of a file: what it says, or why it cannot be taken over. As a spreadsheet counts, the header is row 1. */
export type ReadRow<T> = { row: number; item: T } | { row: number; error: string };

/** The refusal of a file as a whole. */
export const unusable = (message: string, cause?: unknown): AppError =>
  new AppError("BAD_REQUEST", { message, cause });
