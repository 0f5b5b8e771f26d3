import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from "graphql";
import { defaultPage, type FieldCost, isFieldCost, maxIds, maxPage, usualBound } from "./field-cost.ts";

/** What an operation asks for, counted before any of it is done. */
export interface Measure {
  /** What it costs (docs/graphql.md#limits). */
  cost: number;
  /** Fields about the schema, which have an allowance of their own. */
  introspection: number;
  depth: number;
  aliases: number;
  directives: number;
}

const nothing: Measure = { cost: 0, introspection: 0, depth: 0, aliases: 0, directives: 0 };

const together = (one: Measure, other: Measure): Measure => ({
  cost: one.cost + other.cost,
  introspection: one.introspection + other.introspection,
  depth: Math.max(one.depth, other.depth),
  aliases: one.aliases + other.aliases,
  directives: one.directives + other.directives,
});

interface Asked {
  schema: GraphQLSchema;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  operation: OperationDefinitionNode;
  variables: Readonly<Record<string, unknown>>;
}

/**
 * Measures an operation, and whatever fragments it spreads as often as it does. Each fragment is looked at once, so that
 * the work grows with the text and not with what it stands for; what is unknown or spreads itself is left to validation.
 */
export function measure(asked: Asked): Measure {
  const { schema, operation } = asked;
  const measured = new Map<string, Measure>();

  function ofSet(set: SelectionSetNode | undefined, within: GraphQLNamedType | undefined): Measure {
    return (set?.selections ?? [])
      .map((selection) => ofSelection(selection, within))
      .reduce(together, nothing);
  }

  function ofSelection(selection: SelectionNode, within: GraphQLNamedType | undefined): Measure {
    const directives = selection.directives?.length ?? 0;
    return together({ ...nothing, directives }, ofKind(selection, within));
  }

  function ofKind(selection: SelectionNode, within: GraphQLNamedType | undefined): Measure {
    switch (selection.kind) {
      case Kind.FIELD:
        return ofField(selection, within);
      case Kind.INLINE_FRAGMENT:
        return ofSet(selection.selectionSet, typeNamed(selection.typeCondition?.name.value) ?? within);
      case Kind.FRAGMENT_SPREAD:
        return ofFragment(selection.name.value);
    }
  }

  function ofFragment(name: string): Measure {
    const known = measured.get(name);
    if (known) return known;
    // Whoever spreads it within itself finds this.
    measured.set(name, nothing);
    const fragment = asked.fragments.get(name);
    const whole = ofSet(fragment?.selectionSet, typeNamed(fragment?.typeCondition.name.value));
    measured.set(name, whole);
    return whole;
  }

  function ofField(node: FieldNode, parent: GraphQLNamedType | undefined): Measure {
    const aliases = node.alias ? 1 : 0;
    const name = node.name.value;
    if (name === "__schema" || name === "__type")
      return { ...nothing, aliases, introspection: fieldsAbout(node) };
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
    const type = field && getNamedType(field.type);
    const within = ofSet(node.selectionSet, type);
    const said = field?.extensions.cost;
    const isList =
      field !== undefined && isListType(isNonNullType(field.type) ? field.type.ofType : field.type);
    const usual: FieldCost = { own: 1, times: isList && !isLeafType(type) ? usualBound : 1 };
    const { own, times } = isFieldCost(said) ? said : usual;
    return {
      ...within,
      cost: own + timesOf(times, node, asked) * within.cost,
      depth: within.depth + 1,
      aliases: within.aliases + aliases,
    };
  }

  /** Fields of a question about the schema: they are not multiplied. */
  function fieldsAbout(node: FieldNode): number {
    return 1 + aboutIn(node.selectionSet, new Set());
  }

  function aboutIn(set: SelectionSetNode | undefined, around: ReadonlySet<string>): number {
    let count = 0;
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FIELD) count += 1 + aboutIn(selection.selectionSet, around);
      else if (selection.kind === Kind.INLINE_FRAGMENT) count += aboutIn(selection.selectionSet, around);
      else count += aboutFragment(selection.name.value, around);
    }
    return count;
  }

  const about = new Map<string, number>();

  function aboutFragment(name: string, around: ReadonlySet<string>): number {
    const known = about.get(name);
    if (known !== undefined || around.has(name)) return known ?? 0;
    const count = aboutIn(asked.fragments.get(name)?.selectionSet, new Set([...around, name]));
    about.set(name, count);
    return count;
  }

  const typeNamed = (name: string | undefined) => {
    const type = name === undefined ? undefined : schema.getType(name);
    return isCompositeType(type) ? type : undefined;
  };

  const root = schema.getRootType(operation.operation) ?? undefined;
  const whole = ofSet(operation.selectionSet, root);
  return together(whole, { ...nothing, directives: operation.directives?.length ?? 0 });
}

const within = (least: number, value: number, most: number): number =>
  Math.min(most, Math.max(least, Math.trunc(value)));

/** How many times what is asked for within a field counts. */
function timesOf(times: FieldCost["times"] = 1, node: FieldNode, asked: Asked): number {
  if (typeof times === "number") return times;
  const given = node.arguments?.find(
    ({ name }) => name.value === (times === "page" ? "first" : "ids"),
  )?.value;
  const value = given && givenIn(given, asked);
  if (times === "ids") return within(1, Array.isArray(value) ? value.length : 1, maxIds);
  // What is no number is refused, whatever it would have cost.
  const size = typeof value === "number" && !Number.isNaN(value) ? value : defaultPage;
  return within(1, size, maxPage);
}

function givenIn(node: ValueNode, { operation, variables }: Asked): unknown {
  switch (node.kind) {
    case Kind.INT:
      return Number(node.value);
    case Kind.LIST:
      return node.values;
    case Kind.VARIABLE: {
      const name = node.name.value;
      if (Object.hasOwn(variables, name)) return variables[name];
      const defined = operation.variableDefinitions?.find(({ variable }) => variable.name.value === name);
      const byDefault = defined?.defaultValue;
      return byDefault?.kind === Kind.INT
        ? Number(byDefault.value)
        : byDefault?.kind === Kind.LIST
          ? byDefault.values
          : undefined;
    }
    default:
      return undefined;
  }
}
