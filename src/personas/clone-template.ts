import { AppError } from "../http/app-error.ts";
import type { Principal } from "../identity/principal.ts";
import { cutGraphemes } from "../text/cut-text.ts";
import { parseMergedConfig } from "./check-config.ts";
import { createTemplate, type PersonaContext, type SavedTemplate } from "./create-template.ts";
import { findTemplate } from "./template-repository.ts";

/**
 * Makes a new template, version 1, of the latest version of another.
 * @throws AppError `NOT_FOUND`; `WORKFLOW_INVALID` when an agent the plan needs is gone
 */
export async function cloneTemplate(
  context: PersonaContext,
  principal: Principal,
  id: string,
  name: string | undefined,
): Promise<SavedTemplate> {
  const source = await findTemplate(context.db, principal, id);
  if (!source) throw new AppError("NOT_FOUND", { message: "No such template" });
  const suffix = " (copy)";
  return createTemplate(context, principal, {
    name: name ?? `${cutGraphemes(source.name, 255 - suffix.length)}${suffix}`,
    description: source.description,
    category: source.category,
    config: parseMergedConfig(source.config),
  });
}
