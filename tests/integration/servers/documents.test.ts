import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { openWidget } from "#scripts/local/open-widget.ts";
import { blocksOf, documentPaths, isShell, namedPaths, readDocument } from "../../support/documents.ts";
import { signedIn } from "../../support/outside.ts";
import { serverOfOnesOwn } from "../../support/server-of-ones-own.ts";
import { runShellBlocks } from "../../support/shell-blocks.ts";

// Receivers of webhooks are on this machine.
const server = serverOfOnesOwn({ EGRESS_ALLOW_LOOPBACK: "true" });
let baseUrl = "";
beforeAll(async () => {
  baseUrl = await server.start();
});
afterAll(() => server.dispose());

const documents = documentPaths.map((path) => ({ path, markdown: readDocument(path) }));

const newBlock = { language: "sh", notRun: undefined, refusals: [] };

it("The runner notices a refusal, a name that is not set and a command that fails, and stops there", async () => {
  const outcomeOf = async (code: string) => {
    const blocks = [code, "true"].map((text, line) => ({ ...newBlock, code: `${text}\n`, line }));
    return (await runShellBlocks(blocks, baseUrl)).outcomes;
  };
  const address = `${baseUrl}/api/v1/user/profile`;
  expect(await outcomeOf(`X=$(curl -s ${address}); curl -s ${baseUrl}/health`)).toEqual([
    { line: 0, done: true, refusals: [`401 ${address}`] },
    { line: 1, done: true, refusals: [] },
  ]);
  for (const code of ["echo $UNSET_NAME", "false | cat", "no-such-command"])
    expect(await outcomeOf(code)).toEqual([{ line: 0, done: false, refusals: [] }]);
});

describe("A newcomer with the documents and a fresh platform", () => {
  for (const { path, markdown } of documents) {
    const blocks = blocksOf(markdown).filter((block) => isShell(block) && block.notRun === undefined);
    if (blocks.length === 0) continue;
    it(`${path}: every shell block does what it says`, async () => {
      const { said, outcomes } = await runShellBlocks(blocks, baseUrl);
      const withCodes = outcomes.map(({ refusals, ...outcome }) => ({
        ...outcome,
        refusals: refusals.map((refusal) => (refusal.startsWith("4") ? refusal.slice(0, 3) : refusal)),
      }));
      expect(withCodes, `${said}\n${JSON.stringify(outcomes)}`).toEqual(
        blocks.map(({ line, refusals }) => ({ line, done: true, refusals })),
      );
    });
  }

  it("finds the page that `npm start` has for a widget, which lets its visitors in", async () => {
    const key = await openWidget(baseUrl);
    expect(await openWidget(baseUrl)).toBe(key);
    const page = await (await fetch(`${baseUrl}/dev/widget`)).text();
    expect(page).toContain(`widget="${key}"`);
    const session = await fetch(`${baseUrl}/api/v1/widgets/sessions`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: baseUrl },
      body: JSON.stringify({ key }),
    });
    expect(session.status).toBe(200);
  });

  it("finds that every plan in them can be saved, without a warning", async () => {
    const { api } = await signedIn(baseUrl, "admin");
    const plans = documents.flatMap(({ markdown }) =>
      blocksOf(markdown).flatMap(({ language, code }) =>
        language === "json" && code.includes('"start_step"') ? [JSON.parse(code)] : [],
      ),
    );
    expect(plans.length).toBeGreaterThan(0);
    for (const [index, plan] of plans.entries()) {
      const name = `plan-of-documents-${index}`;
      const { data, error } = await api.POST("/api/v1/admin/workflows", {
        body: { name, description: "", plan },
      });
      expect({ error, warnings: data?.validation.warnings }).toEqual({ error: undefined, warnings: [] });
    }
  });
});

/** What is there besides the API's document: beside the API, in front of it, and a mail provider's. */
const others = [
  "/openapi.json",
  "/api/events.json",
  "/api/docs",
  "/swagger",
  "/ws",
  "/dev/mailbox",
  "/dev/checkout",
  "/dev/widget",
  "/widget/v1.js",
  "/console",
  "/internal/health",
  "/internal/metrics",
  "/api/v1",
  "/graphql",
  "/api/v1/graphql",
  "/api/graphql",
  "/emails",
  // Prefixes, not paths.
  "/api/auth",
  "/api/chat",
  "/api/admin",
  "/api/personalization",
  "/api/v1/auth",
  "/personalization",
  "/user/personalization",
  "/user/personalization/user-profile",
  "/admin/analytics/…",
];

/** Names addresses of the service that it compares with; what becomes of them is held by tests/house/older-chat. */
const ofAnOlderService = "docs/coming-from-the-older-chat.md";

/** `/cdn-cgi/` is the runtime's own. */
const isOther = (path: string): boolean => others.includes(path) || path.startsWith("/cdn-cgi/");

const withoutNames = (path: string): string => path.replaceAll(/\{[^}]*\}/g, "{}");

it("Every path that the documents name is in the API's document, with its methods", async () => {
  const answer = await fetch(`${baseUrl}/openapi.json`);
  const schema = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });
  const operations = Object.entries(schema.parse(await answer.json()).paths).map(([path, methods]) => ({
    path: withoutNames(path),
    methods: Object.keys(methods).map((method) => method.toUpperCase()),
  }));
  const isThere = ({ path, methods }: { path: string; methods: string[] }) => {
    const wanted = withoutNames(path).replace(/^\/api\/v1(?=\/)/, "");
    return operations.some(
      (operation) =>
        (wanted.startsWith("…")
          ? operation.path.endsWith(wanted.slice(1))
          : operation.path.replace(/^\/api\/v1/, "") === wanted) &&
        methods.every((method) => operation.methods.includes(method)),
    );
  };
  const named = documents
    .filter(({ path }) => path !== ofAnOlderService)
    .flatMap(({ path: document, markdown }) =>
      namedPaths(markdown).map((operation) => ({ document, ...operation })),
    );
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter((operation) => !isOther(operation.path) && !isThere(operation))).toEqual([]);
});
