import type { Person } from "#src/kernel/actor.ts";
import type { Platform } from "#src/platform.ts";
import { type Opening, openingAt } from "#src/widgets/index.ts";
import { hoursOfVisitor } from "./visitor-repository.ts";

/** Whether there are people for somebody: for visitors within the hours of their widget, for whoever has an account always. */
export async function openingFor(
  { db, clock }: Pick<Platform, "db" | "clock">,
  { id, kind }: Pick<Person, "id" | "kind">,
): Promise<Opening> {
  return openingAt(kind === "visitor" ? await hoursOfVisitor(db, id) : null, clock.now());
}
