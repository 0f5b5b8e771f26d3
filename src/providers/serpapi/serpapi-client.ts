import { z } from "zod";
import { cutText } from "#src/text/cut-text.ts";
import { requestJson } from "../json-request.ts";
import { ProviderError, wordsOf } from "../provider-error.ts";
import type { SearchAnswer, SearchEngine, SearchQuery, SearchResult } from "../search-engine.ts";
import type { ServiceCall } from "../service-call.ts";
import type { Upstream } from "../upstream.ts";

const searchTimeoutMs = 30_000;
const maxAnswerBytes = 4 * 1024 * 1024;

const shortText = z
  .string()
  .catch("")
  .transform((text) => cutText(text, 2000));
const entry = z.object({
  title: shortText,
  link: z.string().max(4000).catch(""),
  snippet: shortText,
  date: z.string().max(100).optional().catch(undefined),
  original: z.string().max(4000).optional().catch(undefined),
});
/** Entries that are none (null, a text) cost the others nothing; nor does a list that is none. */
const entries = z
  .array(z.unknown())
  .catch([])
  .transform((list) => list.flatMap((item) => entry.safeParse(item).data ?? []));
const answerSchema = z.object({
  error: z.unknown().optional(),
  organic_results: entries,
  news_results: entries,
  images_results: entries,
});

/** An error in whatever form; undefined where there is none. */
function errorIn(error: unknown): string | undefined {
  if (error === null || error === undefined || error === "" || error === false) return undefined;
  return typeof error === "string" ? error : JSON.stringify(error);
}

/** `tbm` values of SerpAPI's google engine, and where each puts its results. */
const verticals = {
  web: { tbm: undefined, results: "organic_results" },
  news: { tbm: "nws", results: "news_results" },
  images: { tbm: "isch", results: "images_results" },
} as const;

/** How SerpAPI says that there is nothing: as an error, with status 200. */
const nothingFound = /hasn't returned any results/i;

/** A link that may be shown and followed. */
const isWebAddress = (url: string): boolean => /^https?:$/.test(URL.parse(url)?.protocol ?? "");

/** SerpAPI's google engine. */
export const serpApi = (upstream: Upstream, timeoutMs = searchTimeoutMs): SearchEngine => ({
  search: (query, call) => search(upstream, query, { ...call, timeoutMs }),
});

async function search(
  upstream: Upstream,
  { query, numResults, type }: SearchQuery,
  call: ServiceCall & { timeoutMs: number },
): Promise<SearchAnswer> {
  const { tbm, results: field } = verticals[type];
  const url = new URL(upstream.url);
  const parameters = { q: query, api_key: upstream.key, num: String(numResults), engine: "google", tbm };
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined) url.searchParams.set(name, value);
  const answer = await requestJson({
    service: "The search service",
    upstream,
    url: url.href,
    init: { headers: { accept: "application/json" } },
    schema: answerSchema,
    maxBytes: maxAnswerBytes,
    ...call,
  });
  const error = errorIn(answer.error);
  if (error !== undefined && !nothingFound.test(error)) {
    throw new ProviderError("EXTERNAL_SERVICE_ERROR", "The search service reported an error", {
      retryable: false,
      answer: { words: wordsOf(error, upstream.key) },
    });
  }
  const results = answer[field]
    .map(
      ({ title, link, original, snippet, date }): SearchResult => ({
        title,
        url: type === "images" ? (original ?? link) : link,
        snippet,
        ...(date === undefined ? {} : { published_at: date }),
      }),
    )
    .filter((result) => isWebAddress(result.url))
    .slice(0, numResults);
  return { query, results, total: results.length };
}
