import { type DocumentNode, GraphQLError, parse, specifiedRules, validate } from "graphql";
import { limits } from "./limits.ts";
import { schema } from "./schema.ts";

/** Documents that an isolate keeps. */
const maxKept = 1000;
const kept = new Map<string, DocumentNode>();

/** A document that is GraphQL; whether it fits the schema is not known yet. */
export function parsed(text: string): DocumentNode | GraphQLError {
  try {
    return kept.get(text) ?? parse(text, { maxTokens: limits.tokens });
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

/** What of a document does not fit the schema; what does is kept, so that it is looked at once. */
export function problemsOf(text: string, document: DocumentNode): readonly GraphQLError[] {
  if (kept.has(text)) return [];
  const problems = validate(schema, document, specifiedRules, { maxErrors: 20 });
  if (problems.length > 0) return problems;
  const [oldest] = kept.keys();
  if (kept.size >= maxKept && oldest !== undefined) kept.delete(oldest);
  kept.set(text, document);
  return [];
}
