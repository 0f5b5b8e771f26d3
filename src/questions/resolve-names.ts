import { thingsNamed } from "#src/commerce/index.ts";
import type { Filter, Plan } from "#src/kernel/questions/plan.ts";
import { datasetOf, type NamedKind } from "#src/kernel/questions/vocabulary.ts";
import type { Platform } from "#src/platform.ts";
import { personasNamed } from "./persona-repository.ts";
import type { KnownFilter } from "./plan-statement.ts";
import type { AnalyticsAnswer } from "./schemas.ts";

type Match = AnalyticsAnswer["matches"][number];

/** Whose things are looked among. */
interface Whose {
  clientId: string;
  /** Whose personas alone; null for the whole tenant's. */
  userId: string | null;
}

/** Things that one name may mean. */
const maxFound = 10;

/** What is called so: that very name alone where there is one. */
async function find(
  { db, commerce }: Pick<Platform, "db" | "commerce">,
  whose: Whose,
  kind: NamedKind,
  words: string,
): Promise<Match["found"]> {
  const found =
    kind === "persona"
      ? await personasNamed(db, whose, words, maxFound)
      : await thingsNamed(commerce.db, whose.clientId, { kind, words, limit: maxFound });
  const exact = found.filter(({ name }) => name.toLowerCase() === words.toLowerCase());
  return exact.length > 0 ? exact : found;
}

/** The filters of a plan with what their names mean, and what that is. What is called nothing there is leaves no rows. */
export async function resolveNames(
  platform: Pick<Platform, "db" | "commerce">,
  whose: Whose,
  plan: Plan,
): Promise<{ filters: KnownFilter[]; matches: Match[] }> {
  const { fields } = datasetOf(plan.dataset);
  const resolve = async (filter: Filter): Promise<{ filter: KnownFilter; matches: Match[] }> => {
    const kind = fields[filter.field]?.of;
    if (!kind) return { filter, matches: [] };
    const said = [...new Set([filter.value].flat().map(String))];
    const matches = await Promise.all(
      said.map(async (words) => ({ said: words, kind, found: await find(platform, whose, kind, words) })),
    );
    return { filter: { ...filter, ids: matches.flatMap(({ found }) => found.map(({ id }) => id)) }, matches };
  };
  const resolved = await Promise.all(plan.filters.map(resolve));
  return {
    filters: resolved.map(({ filter }) => filter),
    matches: resolved.flatMap(({ matches }) => matches),
  };
}
