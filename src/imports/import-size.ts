import { AppError } from "#src/kernel/app-error.ts";

/** Largest file, in bytes. */
export const maxImportBytes = 10 * 1024 * 1024;

/** The refusal of a larger one. */
export const tooLarge = () => new AppError("PAYLOAD_TOO_LARGE", { details: { max_bytes: maxImportBytes } });
