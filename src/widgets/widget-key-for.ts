import type { Platform } from "#src/platform.ts";
import { newestWidgetFor } from "./widget-repository.ts";

/** The key of the newest widget that a page may show; undefined where there is none. */
export const widgetKeyFor = async (
  { db }: Pick<Platform, "db">,
  origin: string,
): Promise<string | undefined> => (await newestWidgetFor(db, origin))?.key;
