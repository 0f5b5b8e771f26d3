import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
} from "graphql";
import type { RequestParams } from "graphql-http";
import { parsed, problemsOf } from "./documents.ts";
import { refused } from "./errors.ts";
import { refusalOf } from "./limits.ts";
import { type Measure, measure } from "./measure.ts";
import { schema } from "./schema.ts";

/** An operation that can be carried out. */
export interface Prepared {
  document: DocumentNode;
  operation: OperationDefinitionNode;
  measured: Measure;
}

/**
 * Finds the operation that is meant, and whether it is within the limits and fits the schema, in this order: what is
 * beyond the limits is not worth looking at any further.
 */
export function prepare({ query, operationName, variables }: RequestParams): Prepared | GraphQLError[] {
  const document = parsed(query);
  if (document instanceof GraphQLError) return [document];
  const operation = getOperationAST(document, operationName);
  if (!operation) return [new GraphQLError(whichOperation(document, operationName))];
  const fragments = new Map(document.definitions.filter(isFragment).map((each) => [each.name.value, each]));
  const measured = measure({ schema, fragments, operation, variables: variables ?? {} });
  const refusal = refusalOf(measured);
  if (refusal) return [refused(refusal)];
  const problems = problemsOf(query, document);
  return problems.length > 0 ? [...problems] : { document, operation, measured };
}

const isFragment = (definition: DocumentNode["definitions"][number]): definition is FragmentDefinitionNode =>
  definition.kind === Kind.FRAGMENT_DEFINITION;

function whichOperation({ definitions }: DocumentNode, name: string | null | undefined): string {
  if (name) return `There is no operation ${JSON.stringify(name)}`;
  return definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION)
    ? "There are several operations: name one as `operationName`"
    : "There is no operation";
}
