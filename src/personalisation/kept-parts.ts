import {
  type Location,
  maxPages,
  maxPreferenceBytes,
  type Page,
  type Preferences,
  type PreferencesChange,
  preferencesSchema,
} from "#src/objects/profile-parts.ts";

/** Parameters of an address that say what a page shows, and not who looks at it. */
const keptParameters = ["category", "lang", "page", "q", "query", "search", "sort", "tag"];

/** An address as it is kept: without credentials and fragment, and with what says what it shows alone. */
export function keptUrl(address: string): string {
  const url = new URL(address);
  url.username = "";
  url.password = "";
  url.hash = "";
  for (const name of [...url.searchParams.keys()])
    if (!keptParameters.includes(name.toLowerCase())) url.searchParams.delete(name);
  return url.href;
}

/** Pages as they are kept: the newest first, as many as there is room for. */
export const keptPages = (pages: readonly Page[]): Page[] =>
  pages
    .map((page) => (page.url === undefined ? page : { ...page, url: keptUrl(page.url) }))
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
    .slice(0, maxPages);

const toTenth = (degrees: number): number => Math.round(degrees * 10) / 10;

/** A place as it is kept: nobody's house. */
export const keptLocation = ({ latitude, longitude, ...place }: Location): Location => ({
  ...place,
  ...(latitude === undefined ? {} : { latitude: toTenth(latitude) }),
  ...(longitude === undefined ? {} : { longitude: toTenth(longitude) }),
});

const encoder = new TextEncoder();

/** Whether preferences are small enough to be kept. */
export const haveRoom = (preferences: PreferencesChange): boolean =>
  encoder.encode(JSON.stringify(preferences)).length <= maxPreferenceBytes;

/** Preferences with some changed: a field that is null is taken away. */
export const amendedPreferences = (before: Preferences, change: PreferencesChange): Preferences =>
  preferencesSchema.parse(
    Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== null)),
  );
