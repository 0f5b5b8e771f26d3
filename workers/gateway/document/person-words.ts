/** What properties and parameters of persons are, by name. */
export const personWords: Readonly<Record<string, string>> = {
  analytics: "Whether activity is counted under the person's id",
  history: "Whether pages and interactions are remembered",
  insights: "Whether what is said is read for moods and topics",
  location: "Whether the place is remembered: country, time zone, roughly where",
  personalisation: "Whether personas may know the profile and what was learnt",
};
