import {
  type Response as Answer,
  type Request as Asked,
  parseRequestParams,
  type RequestParams,
} from "graphql-http";
import { z } from "zod";
import { AppError } from "#src/kernel/app-error.ts";
import { refused } from "./errors.ts";
import { namedHash, type PersistedQueries, requireHashOf } from "./persisted-queries.ts";

const bodySchema = z.looseObject({ query: z.unknown().optional(), extensions: z.unknown().optional() });

/** A request whose document is named, and how it is asked for with the document. */
interface Named {
  hash: string;
  text: string | undefined;
  withText(text: string): Asked<undefined, undefined>;
}

/** Undefined for a request that names none, and for one that cannot be read: the library says what is wrong with it. */
function namedBy(request: Asked<undefined, undefined>): Named | undefined {
  try {
    return request.method === "GET" ? namedByAddress(request) : namedByBody(request);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function namedByAddress(request: Asked<undefined, undefined>): Named | undefined {
  const url = new URL(request.url);
  const hash = namedHash(JSON.parse(url.searchParams.get("extensions") ?? "null"));
  const withText = (text: string) => {
    url.searchParams.set("query", text);
    return { ...request, url: url.href };
  };
  return hash === undefined
    ? undefined
    : { hash, text: url.searchParams.get("query") ?? undefined, withText };
}

function namedByBody(request: Asked<undefined, undefined>): Named | undefined {
  const { body } = request;
  if (typeof body !== "string" || !body.includes("persistedQuery")) return undefined;
  const { data } = bodySchema.safeParse(JSON.parse(body));
  const hash = namedHash(data?.extensions);
  if (hash === undefined || !data) return undefined;
  const { query } = data;
  // What is there and no text is no document.
  const text = query === undefined || query === null ? undefined : String(query);
  return { hash, text, withText: (found) => ({ ...request, body: { ...data, query: found } }) };
}

/**
 * What a request asks for; its document by the hash that names it, where it is not there itself.
 * @param keeps whether what this caller sends is kept
 */
export async function paramsOf(
  request: Asked<undefined, undefined>,
  persisted: PersistedQueries | undefined,
): Promise<{ params: RequestParams | Answer; named?: { hash: string; text: string } }> {
  try {
    const named = namedBy(request);
    if (!named) return { params: await parseRequestParams(request) };
    const { hash } = named;
    if (named.text !== undefined) requireHashOf(named.text, hash);
    else if (!persisted) throw new AppError("PERSISTED_QUERY_NOT_FOUND");
    const text = named.text ?? (await persisted?.find(hash)) ?? "";
    return { params: await parseRequestParams(named.withText(text)), named: { hash, text } };
  } catch (error) {
    throw error instanceof AppError ? refused(error) : error;
  }
}
