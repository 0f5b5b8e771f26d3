import type { z } from "@hono/zod-openapi";
import type { createTemplateSchema } from "#src/personas/index.ts";

/** The only required input of every demo template. */
const topicOnly = {
  type: "object",
  properties: { topic: { type: "string", minLength: 1, maxLength: 500, description: "What it is about" } },
  required: ["topic"],
};

/** Templates of the demo (README.md#two-commands). */
export const demoTemplates: z.input<typeof createTemplateSchema>[] = [
  {
    name: "Copywriter",
    description: "Writes one short, concrete text about a topic.",
    category: "writing",
    config: {
      model: "claude-haiku-5-5",
      temperature: 0.7,
      max_tokens: 1024,
      system_prompt: "You are an experienced copywriter. Write clearly and concretely, without filler.",
      input_schema: topicOnly,
      workflow: {
        start_step: "write",
        steps: {
          write: {
            action: "ai_text_generate",
            description: "Write the text",
            input: { prompt: "Write a short, engaging text about {{input.topic}}." },
            next_step: "done",
          },
          done: { action: "complete_workflow", input: { text: "{{steps.write.output.text}}" } },
        },
      },
    },
  },
  {
    name: "Researcher",
    description: "Searches the web from three sides at once, then writes from what it found.",
    category: "research",
    config: {
      model: "claude-sonnet-5-5",
      temperature: 0.3,
      max_tokens: 2048,
      system_prompt:
        "You are a careful researcher. State only what the given sources support, and name them.",
      input_schema: topicOnly,
      workflow: {
        start_step: "search",
        steps: {
          search: {
            action: "fan_out",
            description: "Search for an overview, news and figures",
            sub_tasks: [
              {
                step_name: "overview",
                topic: "system.adapter.web.search",
                input: { query: "{{input.topic}}" },
              },
              {
                step_name: "news",
                topic: "system.adapter.web.search",
                input: { query: "{{input.topic}} latest", search_type: "news" },
              },
              {
                step_name: "figures",
                topic: "system.adapter.web.search",
                input: { query: "{{input.topic}} statistics" },
              },
            ],
            next_step: "write",
          },
          write: {
            action: "ai_text_generate",
            description: "Write the report",
            topic: "system.tasks.researcher",
            input: {
              prompt: "Write a short report about {{input.topic}} from the sources. Cite their titles.",
              overview: "{{steps.overview.output.results}}",
              news: "{{steps.news.output.results}}",
              figures: "{{steps.figures.output.results}}",
            },
            next_step: "done",
          },
          done: {
            action: "complete_workflow",
            input: { report: "{{steps.write.output.text}}", sources: "{{steps.overview.output.results}}" },
          },
        },
      },
    },
  },
  {
    name: "Illustrated article",
    description: "Searches and draws in parallel, writes, waits for your approval, reviews the result.",
    category: "writing",
    config: {
      model: "claude-sonnet-5-5",
      temperature: 0.6,
      max_tokens: 2048,
      system_prompt: "You write short magazine articles for curious readers.",
      input_schema: topicOnly,
      workflow: {
        start_step: "gather",
        steps: {
          gather: {
            action: "fan_out",
            description: "Search the web and draw the picture",
            sub_tasks: [
              {
                step_name: "research",
                topic: "system.adapter.web.search",
                input: { query: "{{input.topic}}", num_results: 5 },
              },
              {
                step_name: "illustration",
                topic: "system.adapter.image.generate",
                input: {
                  prompt: "An illustration for a magazine article about {{input.topic}}",
                  aspect_ratio: "16:9",
                },
              },
            ],
            next_step: "write",
          },
          write: {
            action: "ai_text_generate",
            description: "Write the article",
            input: {
              prompt: "Write a magazine article about {{input.topic}}, using the sources.",
              sources: "{{steps.research.output.results}}",
            },
            next_step: "approve",
          },
          approve: {
            action: "pause_for_human_input",
            description: "Do you approve the article?",
            input: {
              article: "{{steps.write.output.text}}",
              image_uri: "{{steps.illustration.output.image_uri}}",
            },
            next_step: "review",
          },
          review: {
            action: "reasoning_review",
            description: "Review the approved article",
            input: {
              content_to_review: "{{steps.write.output.text}}",
              review_criteria: [
                "The article keeps to its topic",
                "Claims are supported by the sources",
                "It reads well",
              ],
              brief_context: "A magazine article about {{input.topic}}",
            },
            next_step: "done",
          },
          done: {
            action: "complete_workflow",
            input: {
              article: "{{steps.write.output.text}}",
              image_uri: "{{steps.illustration.output.image_uri}}",
              sources: "{{steps.research.output.results}}",
              review: "{{steps.review.output}}",
            },
          },
        },
      },
    },
  },
];
