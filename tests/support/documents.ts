import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/** What users read first, then everything in `docs/`, by path. */
export const documentPaths: readonly string[] = [
  "README.md",
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .sort()
    .map((name) => `docs/${name}`),
];

export const readDocument = (path: string): string => readFileSync(join(root, path), "utf8");

/** A fenced block of a document. */
export interface Block {
  language: string;
  code: string;
  /** Where it begins, counted from 1. */
  line: number;
  /** Why it is not run: `<!-- not run: … -->` right before it. */
  notRun: string | undefined;
  /** The refusals that it shows: `<!-- answers 403: … -->` right before it. */
  refusals: string[];
}

/** The fenced blocks of a document, in order. */
export function blocksOf(markdown: string): Block[] {
  const fences =
    /(?:^ *<!-- (?<mark>[^\n]*) -->\n\n?)?^(?<indent> *)```(?<language>\S*)\n(?<code>[\s\S]*?)^ *```$/gm;
  return [...markdown.matchAll(fences)].map(({ index, groups = {} }) => {
    const { mark = "", indent = "", language = "", code = "" } = groups;
    return {
      language,
      code: code.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
      line: markdown.slice(0, index).split("\n").length,
      notRun: /^not run: (.+)$/.exec(mark)?.[1],
      refusals: /^answers ([\d, ]+): /.exec(mark)?.[1]?.split(", ") ?? [],
    };
  });
}

export const isShell = ({ language }: Block): boolean =>
  ["sh", "bash", "shell", "console"].includes(language);

/** A document without its fenced blocks. */
const proseOf = (markdown: string): string => markdown.replaceAll(/^ *```[\s\S]*?^ *```$/gm, "");

/** An operation that prose names; `…` at its beginning stands for what was named before. */
export interface NamedPath {
  methods: string[];
  path: string;
}

/** Every path of the API that a document names as code: `POST /auth/login`, `GET, PUT …/{memory_id}`. */
export function namedPaths(markdown: string): NamedPath[] {
  const spans = [...proseOf(markdown).matchAll(/`([^`\n]+)`/g)].map(([, span = ""]) => span);
  return spans.flatMap((span) => {
    const [, methods = "", path] =
      /^((?:(?:GET|POST|PUT|PATCH|DELETE)(?:, )?)*) ?(?:https?:\/\/[^/]+)?((?:…?\/)[a-z{][^?`]*)(?:\?\S*)?$/.exec(
        span,
      ) ?? [];
    return path === undefined ? [] : [{ methods: methods.split(/[, ]+/).filter(Boolean), path }];
  });
}

/** A place that a document links to within the repository; without a path it is in the document itself. */
export interface Link {
  path: string;
  heading: string | undefined;
}

/** Relative links of a document. */
export const relativeLinks = (markdown: string): Link[] =>
  [...proseOf(markdown).matchAll(/\]\(([^)\s]+)\)/g)]
    .flatMap(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path = "", heading] = target.split("#");
      return { path, heading };
    });

/** What links to the headings of a document say. */
export const headingsOf = (markdown: string): string[] =>
  [...proseOf(markdown).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} -]/gu, "")
      .replaceAll(" ", "-"),
  );

/** Files and folders of the repository that a document names as code. */
export const namedFiles = (markdown: string): string[] =>
  [
    ...markdown.matchAll(
      /(?<![\w/.-])(?:src|docs|scripts|tests|workers|durable-objects|migrations|bench|tools)\/[\w./-]*\w/g,
    ),
  ].map(([path]) => path);
