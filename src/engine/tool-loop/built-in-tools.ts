import { z } from "@hono/zod-openapi";
import { handoverTopic, recommendTopic, topics } from "../topics.ts";
import { checkedTool } from "./checked-tool.ts";
import { shopTools } from "./shop-tools.ts";
import type { Tool } from "./tool.ts";

/** The tools that every persona may be given. What they do, steps of plans can do as well. */
export const builtInTools: readonly Tool[] = [
  checkedTool(
    {
      name: "web_search",
      action: "web_search",
      topic: topics.webSearch,
      description: "Searches the web. Gives titles, addresses and a few words of each result.",
    },
    z.object({
      query: z.string().trim().min(1).max(2000).describe("What to search for"),
      num_results: z.number().int().min(1).max(20).default(5),
    }),
  ),
  checkedTool(
    {
      name: "generate_image",
      action: "ai_image_generate",
      topic: topics.imageGenerate,
      description: "Draws a picture from a description. Gives its address.",
    },
    z.object({
      prompt: z.string().trim().min(1).max(4000).describe("What the picture shows"),
      aspect_ratio: z.enum(["1:1", "4:3", "3:4", "16:9", "9:16"]).default("1:1"),
    }),
  ),
  checkedTool(
    {
      name: "search_memory",
      action: "retrieve_memory",
      topic: "",
      description: "Looks for what you have been told or have done before.",
    },
    z.object({
      query: z.string().trim().min(1).max(2000).describe("Words that it has"),
      limit: z.number().int().min(1).max(20).default(5),
    }),
  ),
  checkedTool(
    {
      name: "remember",
      action: "store_memory",
      topic: "",
      description:
        "Keeps something that is worth knowing another time. Never keep what is about health, religion, politics, " +
        "sexuality, ethnic origin, union membership, means of payment or secrets.",
    },
    z.object({
      content: z.string().trim().min(1).max(4000).describe("One thing, in whole sentences"),
      type: z.string().trim().min(1).max(64).default("note"),
    }),
  ),
  ...shopTools,
];

/** What only a turn of a conversation may be given. */
export const conversationTools: readonly Tool[] = [
  checkedTool(
    {
      name: "recommend",
      action: "recommend_items",
      topic: recommendTopic,
      description:
        "Finds what of the catalogue the person whom you talk with may like, by what they liked before and by what you say that " +
        "they look for. Gives titles, addresses and why.",
    },
    z.object({
      query: z.string().trim().max(1000).default("").describe("What they look for now, in words"),
      limit: z.number().int().min(1).max(5).default(5),
    }),
  ),
  checkedTool(
    {
      name: "handover_to_human",
      action: "hand_over",
      topic: handoverTopic,
      description:
        "Asks a person of the staff to take over. After that you are silent: call it last, and say before it what is to be said.",
    },
    z.object({
      reason: z.string().trim().max(500).default("").describe("Why, for the person who takes over"),
    }),
  ),
];
