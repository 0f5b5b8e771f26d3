import { env } from "cloudflare:workers";
import type { Attempt } from "./attempts.ts";
import { parts, personOf } from "./persons.ts";

/** Somebody with a profile. */
async function somebody() {
  const person = await personOf("attempts");
  const body = { user_id: "me", conversation_preferences: parts.liking };
  await person.POST("/api/v1/personalization/user-profile", { body });
  return { headers: person.headers, ids: person.path };
}

/** Somebody of whom something was learnt. */
async function somebodyWithFact() {
  const { headers, path, id: personId } = await personOf("attempts");
  const fact = { id: "fact-1", text: "Likes tea", conversationId: "c", messageId: "m", confidence: 1 };
  await env.TENANT_PERSONALISATION.getByName("attempts").learnFacts({ personId, facts: [fact] });
  return { headers, ids: { ...path, fact_id: fact.id } };
}

/** What to ask of profiles instead of what is made up. */
export const profileAttempts: Record<string, () => Promise<Attempt>> = {
  getPersonProfile: somebody,
  updatePersonProfile: somebody,
  patchPersonProfile: somebody,
  deletePersonProfile: somebody,
  updateFact: somebodyWithFact,
  deleteFact: somebodyWithFact,
  createPersonProfile: async () => ({ headers: (await personOf("attempts")).headers }),
  createContextEvent: async () => {
    const { headers } = await personOf("attempts");
    const timestamp = new Date().toISOString();
    return { headers, json: { user_id: "me", message_content: "Green tea?", timestamp } };
  },
  getPersonContext: async () => {
    const person = await personOf("attempts");
    return { headers: person.headers, ids: person.path };
  },
};
