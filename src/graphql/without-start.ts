import { type DocumentNode, Kind, type OperationDefinitionNode, type VariableNode, visit } from "graphql";

/**
 * The variables of a subscription without the one that says only where it begins: once it has begun, those are told the
 * same, and together, who began elsewhere.
 */
export function withoutStart(
  document: DocumentNode,
  { selectionSet, variableDefinitions = [] }: OperationDefinitionNode,
  variables: Record<string, unknown> | undefined,
): Record<string, unknown> | undefined {
  const [field] = selectionSet.selections;
  const since = field?.kind === Kind.FIELD && field.arguments?.find(({ name }) => name.value === "since");
  if (!variables || !since || since.value.kind !== Kind.VARIABLE) return variables;
  const name = since.value.name.value;
  const isRequired = variableDefinitions.some(
    ({ variable, type }) => variable.name.value === name && type.kind === Kind.NON_NULL_TYPE,
  );
  // Where it is defined, and where it begins.
  if (isRequired || timesNamed(document, name) > 2) return variables;
  const { [name]: _, ...others } = variables;
  return others;
}

function timesNamed(document: DocumentNode, name: string): number {
  let times = 0;
  const Variable = (node: VariableNode) => {
    if (node.name.value === name) times++;
  };
  visit(document, { Variable });
  return times;
}
