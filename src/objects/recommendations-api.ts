import { z } from "zod";
import {
  interactionTypes,
  itemKinds,
  type RecommendationAlgorithm,
} from "#src/kernel/recommendation-words.ts";
import { personIdSchema } from "./person-id.ts";

const id = z.string().min(1).max(200);
/** Epoch milliseconds. */
const time = z.number().int();

export const itemContentSchema = z.object({
  id,
  kind: z.enum(itemKinds),
  title: z.string(),
  description: z.string().nullable(),
  tags: z.array(z.string()),
  language: z.string().nullable(),
  url: z.string().nullable(),
  image: z.string().nullable(),
  publishedAt: time.nullable(),
  expiresAt: time.nullable(),
  available: z.boolean(),
  attributes: z.record(z.string(), z.unknown()),
});
/** An item of a tenant's catalogue. */
export type ItemContent = z.infer<typeof itemContentSchema>;

export interface StoredItem extends ItemContent {
  addedAt: number;
  updatedAt: number;
}

export const givenInteractionSchema = z.object({
  id,
  /** Whose it is; null where it is nobody's in particular. */
  personId: personIdSchema.nullable(),
  itemId: id,
  type: z.enum(interactionTypes),
  /** Of a rating from 0 to 1, of a click the seconds that it kept somebody. */
  value: z.number().nullable(),
  at: time,
  /** The list that it came from. */
  requestId: z.string().max(100).nullable(),
});
export type GivenInteraction = z.infer<typeof givenInteractionSchema>;

export const wishForSchema = z.object({
  /** Whom it is for; null for nobody in particular. */
  personId: personIdSchema.nullable(),
  limit: z.number().int().min(1).max(50),
  query: z.string().nullable(),
  language: z.string().nullable(),
  tags: z.array(z.string()),
  exclude: z.array(id),
  /** Of a hundred persons so many are shown what is popular, to compare with. */
  holdoutPercent: z.number().min(0).max(100).default(0),
  /** Names the list: what comes of it is counted under it. */
  requestId: z.string().min(1).max(100),
});
export type WishFor = z.input<typeof wishForSchema>;

/** Why an item is in a list; of items that were liked, their ids. */
export type ToldReason =
  | { type: "because_you_liked"; itemId: string }
  | { type: "matches"; terms: string[] }
  | { type: "popular" }
  | { type: "new" };

export interface ToldItem {
  score: number;
  reasons: ToldReason[];
  item: StoredItem;
}

export interface ToldList {
  algorithm: RecommendationAlgorithm;
  items: ToldItem[];
}

/** What a call has come to, by the places of what was given. */
export interface TakenItems {
  /** Those for which there is no room. */
  refused: number[];
}
export interface TakenInteractions {
  duplicates: number[];
  /** Those of unknown items for which there is no room to wait. */
  refused: number[];
}

/** What has come of lists, on a day. */
export type ListQuality = {
  /** Since the epoch, in UTC. */
  day: number;
  algorithm: RecommendationAlgorithm;
  lists: number;
  impressions: number;
  clicks: number;
};

/** How much of the catalogue was shown at all. */
export interface Coverage {
  /** Distinct items. */
  shown: number;
  /** Items that there are now. */
  items: number;
}

/** A tenant's catalogue, and what is recommended of it. */
export interface RecommendationsApi {
  putItems(items: ItemContent[]): Promise<TakenItems>;
  itemOf(itemId: string): Promise<StoredItem | null>;
  deleteItem(itemId: string): Promise<boolean>;
  /** Items in the order of their ids, beyond one. */
  listItems(page: { after: string | null; limit: number }): Promise<StoredItem[]>;
  /** Takes in what persons did; of whoever has not agreed to their history it counts as nobody's. */
  takeInteractions(interactions: GivenInteraction[]): Promise<TakenInteractions>;
  recommend(wish: WishFor): Promise<ToldList>;
  /** Items like one; null where there is no such item. */
  similarTo(itemId: string, limit: number): Promise<ToldList | null>;
  listQuality(days: { from: number; to: number }): Promise<ListQuality[]>;
  listCoverage(days: { from: number; to: number }): Promise<Coverage>;
}
