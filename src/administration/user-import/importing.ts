import type { Platform } from "#src/platform.ts";

/** What taking accounts over needs. */
export type Importing = Pick<Platform, "db" | "clock" | "blobs" | "mailer" | "log">;
