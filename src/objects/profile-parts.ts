import { z } from "zod";

/** The most of pages that a profile holds: the newest. */
export const maxPages = 200;
/** The most that preferences hold, in bytes of JSON. */
export const maxPreferenceBytes = 4096;
/** The most facts that are kept of a person. */
export const maxFacts = 200;
export const maxFactLength = 300;

const text = (max: number) => z.string().trim().min(1).max(max);

/** Something that a person has looked at, as it is on the wire and is kept. */
export const pageSchema = z
  .strictObject({
    item_id: text(200).optional().describe("Of the catalogue"),
    url: z
      .url({ protocol: /^https?$/ })
      .max(2000)
      .optional()
      .describe("Kept without credentials, and with few parameters of its query"),
    title: text(300).optional().describe("What the page is called"),
    action: text(50).describe("What was done there, for example `view`"),
    dwell_ms: z.number().int().min(0).max(86_400_000).optional().describe("How long they stayed"),
    at: z.iso.datetime({ offset: true }).describe("When"),
  })
  .refine(({ item_id, url }) => item_id !== undefined || url !== undefined, "item_id or url");
export type Page = z.infer<typeof pageSchema>;

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
};

/** Where a person is: no address, and not nearer than about ten kilometres. */
export const locationSchema = z.strictObject({
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, "Two letters of ISO 3166")
    .describe("ISO 3166, two letters"),
  region: text(100).optional().describe("Part of the country"),
  city: text(100).optional().describe("Town"),
  time_zone: text(64)
    .refine(isTimeZone, "A name of the IANA")
    .optional()
    .describe("A name of the IANA, for example `Europe/Vienna`"),
  latitude: z.number().min(-90).max(90).optional().describe("Kept to a tenth of a degree"),
  longitude: z.number().min(-180).max(180).optional().describe("Kept to a tenth of a degree"),
  source: z.enum(["declared", "edge"]).describe("Whether the person has said it, or the network"),
});
export type Location = z.infer<typeof locationSchema>;

const fields = {
  language: text(35).describe("A tag like `de-AT`"),
  tone: text(50).describe("How it should sound"),
  verbosity: z.enum(["short", "normal", "long"]).describe("How much should be said"),
  formality: text(50).describe("How formal it should be"),
  name_to_use: text(100).describe("How to call the person"),
  topics: z.array(text(50)).max(20).describe("What they like to talk about"),
  avoid: z.array(text(50)).max(20).describe("What they do not want to talk about"),
};

/** How a person likes to be talked with; what else there is is kept as it is. */
export const preferencesSchema = z.looseObject(fields).partial();
export type Preferences = z.infer<typeof preferencesSchema>;

/** Preferences that change: null takes one away. */
export const preferencesChangeSchema = z
  .looseObject({
    language: fields.language.nullable(),
    tone: fields.tone.nullable(),
    verbosity: fields.verbosity.nullable(),
    formality: fields.formality.nullable(),
    name_to_use: fields.name_to_use.nullable(),
    topics: fields.topics.nullable(),
    avoid: fields.avoid.nullable(),
  })
  .partial();
export type PreferencesChange = z.infer<typeof preferencesChangeSchema>;
