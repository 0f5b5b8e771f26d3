import type { ActingContext } from "#src/audit/acting-context.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { cutGraphemes } from "#src/text/cut-text.ts";
import { parseMergedConfig } from "./check-config.ts";
import { createTemplate, type SavedTemplate } from "./create-template.ts";
import { findTemplate } from "./template-repository.ts";

/**
 * Makes a new template, version 1, of the latest version of another.
 * @throws AppError `NOT_FOUND`; `WORKFLOW_INVALID` when an agent the plan needs is gone
 */
export async function cloneTemplate(
  context: ActingContext,
  actor: Account,
  id: string,
  name: string | undefined,
): Promise<SavedTemplate> {
  const source = await findTemplate(context.db, actor, id);
  if (!source) throw new AppError("NOT_FOUND", { message: "No such template" });
  const suffix = " (copy)";
  return createTemplate(context, actor, {
    name: name ?? `${cutGraphemes(source.name, 255 - suffix.length)}${suffix}`,
    description: source.description,
    category: source.category,
    config: parseMergedConfig(source.config),
  });
}
