import fc from "fast-check";
import { expect, it } from "vitest";
import { pathChange, type TreeNode, upwards } from "#src/conversations/tree.ts";

/** A tree of messages: each has a parent among those before it, or none. */
const trees = fc.array(fc.nat(), { minLength: 1, maxLength: 40 }).map((choices) => {
  const nodes: TreeNode[] = [];
  for (const [index, choice] of choices.entries()) {
    const parent = nodes[choice % (index + 1)];
    nodes.push({ id: `m${index}`, parentId: parent?.id ?? null, depth: parent ? parent.depth + 1 : 0 });
  }
  return new Map(nodes.map((node) => [node.id, node]));
});

const pathOf = (tree: Map<string, TreeNode>, leaf: string | null) =>
  [...upwards((id) => tree.get(id), leaf)].map(({ id }) => id);

it("The path to another leaf comes of the one before by what differs, and by nothing else", () => {
  fc.assert(
    fc.property(trees, fc.nat(), fc.nat(), (tree, one, other) => {
      const ids = [null, ...tree.keys()];
      const from = ids[one % ids.length] ?? null;
      const to = ids[other % ids.length] ?? null;
      const before = pathOf(tree, from);
      const after = pathOf(tree, to);
      const { off, on } = pathChange((id) => tree.get(id), from, to);
      expect(off.toSorted()).toEqual(before.filter((id) => !after.includes(id)).toSorted());
      expect(on.toSorted()).toEqual(after.filter((id) => !before.includes(id)).toSorted());
    }),
  );
});

it("A path is read from its leaf up, each message's parent above it", () => {
  fc.assert(
    fc.property(trees, fc.nat(), (tree, choice) => {
      const leaf = [...tree.keys()][choice % tree.size] ?? null;
      const path = [...upwards((id) => tree.get(id), leaf)];
      expect(path.map(({ depth }) => depth)).toEqual(path.map((_, index) => path.length - 1 - index));
      expect(path.map(({ parentId }) => parentId)).toEqual([...path.slice(1).map(({ id }) => id), null]);
    }),
  );
});

it("A message without its parent is an error, never the beginning of a path", () => {
  const orphan: TreeNode = { id: "b", parentId: "a", depth: 1 };
  const nodeOf = (id: string) => (id === "b" ? orphan : undefined);
  expect(() => [...upwards(nodeOf, "b")]).toThrow("missing");
  expect(() => pathChange(nodeOf, null, "b")).toThrow("missing");
});
