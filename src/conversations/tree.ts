/** A message's place in its conversation's tree. */
export interface TreeNode {
  id: string;
  /** Null where it begins the conversation, or a branch beside its beginning. */
  parentId: string | null;
  /** How many messages are above it. */
  depth: number;
}

/** Finds a message by its id. */
export type NodeOf = (id: string) => TreeNode | undefined;

/** What changes on the active path when another leaf takes its end: no more than what differs. */
export interface PathChange {
  /** Messages that leave the path. */
  off: string[];
  /** Messages that come onto it. */
  on: string[];
}

/**
 * The messages from a leaf up to where another path joins it.
 * @throws where a parent is missing: a message is never there without it
 */
export function pathChange(nodeOf: NodeOf, from: string | null, to: string | null): PathChange {
  const off: string[] = [];
  const on: string[] = [];
  let [old, fresh] = [nodeAt(nodeOf, from), nodeAt(nodeOf, to)];
  while (old?.id !== fresh?.id) {
    if (old && (!fresh || old.depth >= fresh.depth)) {
      off.push(old.id);
      old = nodeAt(nodeOf, old.parentId);
    } else if (fresh) {
      on.push(fresh.id);
      fresh = nodeAt(nodeOf, fresh.parentId);
    }
  }
  return { off, on };
}

/** A path from its leaf to the conversation's beginning, read only as far as it is asked for. */
export function* upwards<T extends TreeNode>(
  nodeOf: (id: string) => T | undefined,
  leaf: string | null,
): Generator<T> {
  for (let node = nodeAt(nodeOf, leaf); node; node = nodeAt(nodeOf, node.parentId)) yield node;
}

function nodeAt<T extends TreeNode>(nodeOf: (id: string) => T | undefined, id: string | null): T | undefined {
  if (id === null) return undefined;
  const node = nodeOf(id);
  if (!node) throw new Error(`The message ${id} is missing from its conversation`);
  return node;
}
