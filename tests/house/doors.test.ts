import { describe, expect, it } from "vitest";
import { cyclesIn, graphOf, sourceFiles } from "./imports.ts";

const files = sourceFiles("src", "durable-objects", "workers", "scripts").filter(
  ({ path }) => path !== "client/src/api-types.ts", // generated
);

/** The ground: rooms full of small things that everybody takes one by one. The others have a door. */
const ground = [
  "client",
  "db",
  "engine",
  "http",
  "json-schema",
  "kernel",
  "objects",
  "observability",
  "operation",
  "text",
];

const roomOf = (path: string): string | undefined => /^src\/([^/]+)\//.exec(path)?.[1];
const doorOf = (room: string) => `src/${room}/index.ts`;
const subjects = [...new Set(files.flatMap(({ path }) => roomOf(path) ?? []))].filter(
  (room) => !ground.includes(room),
);

describe("A subject is a room with a door", () => {
  it.each(subjects)("%s has one, and nobody comes in another way", (room) => {
    expect(files.map(({ path }) => path)).toContain(doorOf(room));
    const others = files.filter(({ path }) => roomOf(path) !== room);
    const wrong = others.flatMap(({ path, imports }) =>
      imports
        .filter(({ target }) => roomOf(target) === room && target !== doorOf(room))
        .map(({ target }) => `${path} → ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it("nobody inside goes through it", () => {
    const wrong = files.filter(({ path, imports }) => {
      const room = roomOf(path);
      return room !== undefined && imports.some(({ target }) => target === doorOf(room));
    });
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it("what stands in a door is asked for by somebody", () => {
    const asked = new Set(
      files.flatMap(({ text }) =>
        [...text.matchAll(/\{([^{}]*)\} (?:from |= await import\()"#(src\/[^"/]+\/index\.ts)"/g)].flatMap(
          ([, names = "", door = ""]) => names.split(",").map((name) => `${door}: ${nameIn(name)}`),
        ),
      ),
    );
    const idle = subjects.flatMap((room) =>
      exportsOf(doorOf(room)).flatMap(({ name }) => {
        const entry = `${doorOf(room)}: ${name}`;
        return asked.has(entry) ? [] : [entry];
      }),
    );
    expect(idle).toEqual([]);
  });
});

it("An operation stands in a file of its name (CONTRIBUTING.md)", () => {
  const definition = /export const (\w+) = (?:operation|sessionOperation|openOperation)\(\{\s*name: "(\w+)"/g;
  const placed = files.flatMap(({ path, text }) =>
    [...text.matchAll(definition)].map(([, constant = "", name = ""]) => ({ path, constant, name })),
  );
  const wrong = placed.filter(({ path, constant, name }) => {
    const file = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    return constant !== name || !path.endsWith(`/${file}.ts`);
  });
  expect(placed.length).toBeGreaterThan(80);
  expect(wrong).toEqual([]);
});

it("Rooms and the files beside them form no circle", () => {
  const nodeOf = ({ path }: { path: string }) => /^src\/([^/]+?)(?:\/|\.ts$)/.exec(path)?.[1];
  expect(cyclesIn(graphOf(files, nodeOf))).toEqual([]);
});

it("No route imports a repository, a database or an object", () => {
  const routes = files.filter(({ path }) => path.startsWith("workers/gateway/routes/"));
  const behind = /-(?:repository|statements?|condition|projection)\.ts$/;
  const wrong = routes.flatMap(({ path, text, imports }) => [
    ...imports
      .filter(({ target }) => /^src\/(?:db|objects)\/|^durable-objects\//.test(target))
      .map(({ target }) => `${path} → ${target}`),
    ...[...text.matchAll(/\{([^{}]*)\} from "#(src\/[^"/]+\/index\.ts)"/g)].flatMap(
      ([, names = "", door = ""]) =>
        names
          .split(",")
          .map(nameIn)
          .filter((name) => exportsOf(door).some((entry) => entry.name === name && behind.test(entry.from)))
          .map((name) => `${path} → ${name}`),
    ),
  ]);
  expect(wrong).toEqual([]);
});

/** A name in a list of imports or exports: as it is called where it comes from. */
function nameIn(entry: string): string {
  return (
    entry
      .trim()
      .replace(/^type /, "")
      .split(" as ")[0] ?? ""
  );
}

/** What stands in a door, and the file that each comes from. */
function exportsOf(door: string): { name: string; from: string }[] {
  const text = files.find(({ path }) => path === door)?.text ?? "";
  return [...text.matchAll(/export (?:type )?\{([^{}]*)\} from "([^"]+)"/g)].flatMap(
    ([, names = "", from = ""]) =>
      names
        .split(",")
        .map(nameIn)
        .filter(Boolean)
        .map((name) => ({ name, from })),
  );
}
