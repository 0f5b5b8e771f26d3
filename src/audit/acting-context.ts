import type { Platform } from "#src/platform.ts";

export type ActingContext = Pick<Platform, "db" | "clock">;
