import {
  createContextEvent,
  createPersonProfile,
  deleteFact,
  deletePersonProfile,
  getPersonContext,
  getPersonProfile,
  patchPersonProfile,
  updateFact,
  updatePersonProfile,
} from "#src/profiles/index.ts";
import { byVersion } from "../rest/if-match.ts";
import { del, get, patch, post, put, restRouter } from "../rest/table.ts";
import { tagged } from "../rest/tagged.ts";

export const personalization = restRouter("Personalisation", [
  post(
    "/user-profile",
    createPersonProfile,
    "Made",
    tagged({
      status: 201,
      location: ({ user_id }) => `/api/v1/personalization/user-profile/${user_id}`,
    }),
  ),
  get("/user-profile/{user_id}", getPersonProfile, "The profile", tagged()),
  put("/user-profile/{user_id}", updatePersonProfile, "Replaced", tagged(byVersion)),
  patch("/user-profile/{user_id}", patchPersonProfile, "Changed", tagged(byVersion)),
  del("/user-profile/{user_id}", deletePersonProfile, "Forgotten", { status: 204 }),
  put("/user-profile/{user_id}/facts/{fact_id}", updateFact, "Corrected", tagged()),
  del("/user-profile/{user_id}/facts/{fact_id}", deleteFact, "Forgotten", { status: 204 }),
  post("/context", createContextEvent, "Noted", { status: 202 }),
  get("/context/{user_id}", getPersonContext, "The context"),
]);
