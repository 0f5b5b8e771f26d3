import { digestOf } from "./digest.ts";
import { disturbedAnswer, type ErrorAnswer, jsonAnswer } from "./disturbed-answer.ts";
import { failureModeOf } from "./failure-modes.ts";

const angles = [
  ["A short history of", "How it began, who shaped it, and what has changed since."],
  ["The practical guide to", "What works in daily use, with figures from the field."],
  ["What the research says about", "A review of forty studies and where they disagree."],
  ["Common mistakes with", "Seven things that go wrong, and how to see them early."],
  ["The economics of", "Costs, margins and who earns what along the chain."],
  ["Voices from the field:", "Interviews with people who live from it."],
  ["Looking ahead:", "Three scenarios for the next ten years."],
  ["A beginner's glossary of", "Sixty terms, explained in a sentence each."],
  ["The craft behind", "A visit to four workshops."],
  ["Frequently asked questions about", "Answers checked by two experts."],
] as const;

const field = { web: "organic_results", nws: "news_results", isch: "images_results" } as const;

const errorAnswer: ErrorAnswer = (status, headers) =>
  Response.json({ error: "The sandbox was asked to fail" }, { status, headers });

/** SerpAPI's `GET /search` for the google engine: results that depend on the query alone. */
export async function answerSearch(request: Request): Promise<Response> {
  const { searchParams } = new URL(request.url);
  const query = searchParams.get("q") ?? "";
  if (!searchParams.get("api_key")) return Response.json({ error: "Missing api_key" }, { status: 401 });
  if (query === "") return Response.json({ error: "Missing query `q` parameter." }, { status: 400 });
  const mode = failureModeOf(request, { text: query });
  const disturbed = await disturbedAnswer(mode, request, errorAnswer);
  if (disturbed) return disturbed;
  if (mode === "empty") {
    return Response.json({ error: "Google hasn't returned any results for this query." });
  }
  const tbm = searchParams.get("tbm");
  const vertical = tbm === "nws" || tbm === "isch" ? tbm : "web";
  const count = Math.min(angles.length, Math.max(1, Number(searchParams.get("num") ?? 10) || 10));
  const answer = {
    search_metadata: { status: "Success" },
    search_parameters: { engine: "google", q: query },
    [field[vertical]]: angles.slice(0, count).map(([title, snippet], index) => {
      const id = digestOf(`${query}:${index}`).toString(36);
      return {
        position: index + 1,
        title: `${title} ${query}`,
        link: `https://example.com/${id}`,
        snippet,
        ...(vertical === "nws" ? { date: `${index + 1} days ago`, source: "Example News" } : {}),
        ...(vertical === "isch"
          ? { original: `https://example.com/${id}.jpg`, source: "Example Pictures" }
          : {}),
      };
    }),
  };
  return jsonAnswer(answer, mode);
}
