import type { Talker } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import type { Location, Page, PreferencesChange } from "#src/objects/profile-parts.ts";
import type { ProfileWriting } from "#src/objects/profiles-api.ts";
import { keptPages } from "#src/personalisation/index.ts";
import type { Platform } from "#src/platform.ts";
import { meantPerson } from "../person.ts";
import { personProfileView } from "./views.ts";

interface Written {
  user_id?: string | undefined;
  browsing_history?: Page[] | undefined;
  location_data?: Location | null | undefined;
  conversation_preferences?: PreferencesChange | undefined;
  version?: number | undefined;
}

/**
 * Writes what somebody gives of their profile.
 * @throws AppError `VALIDATION_ERROR` where the body is of somebody else; `CONFLICT`, `NOT_FOUND`, `CONSENT_REQUIRED`,
 * `PRECONDITION_FAILED`
 */
export async function writeProfile(
  { objects }: Pick<Platform, "objects">,
  actor: Talker,
  { personId, how }: Pick<ProfileWriting, "personId" | "how">,
  { user_id, browsing_history, location_data: location, conversation_preferences, version }: Written,
) {
  if (user_id !== undefined && meantPerson(actor, user_id) !== personId)
    throw new AppError("VALIDATION_ERROR", {
      details: { fields: [{ path: "user_id", message: "Not whose profile it is" }] },
    });
  const personalisation = await objects.personalisation(actor.clientId);
  const written = await personalisation.writeProfile({
    personId,
    how,
    change: {
      pages: browsing_history && keptPages(browsing_history),
      location,
      preferences: conversation_preferences,
    },
    version,
  });
  return personProfileView(valueOrThrow(written));
}
