import type { Location, Preferences } from "#src/objects/profile-parts.ts";

/** Topics that make a segment. */
const maxTopics = 5;

/** Which groups a person is of, by what their profile says. */
export const segmentsOf = ({
  location,
  preferences: { language, topics = [] },
}: {
  location: Location | null;
  preferences: Preferences;
}): string[] => [
  ...(location ? [`country:${location.country}`] : []),
  ...(language === undefined ? [] : [`language:${language.split("-", 1).join("").toLowerCase()}`]),
  ...topics.slice(0, maxTopics).map((topic) => `topic:${topic.toLowerCase()}`),
];
