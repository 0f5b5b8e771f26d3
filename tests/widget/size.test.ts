import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { buildWidget } from "#scripts/local/widget-build.ts";

const built = await buildWidget();

it("The widget is at most 25 KB, compressed", () => {
  expect(gzipSync(built).length).toBeLessThanOrEqual(25 * 1024);
});

it("The widget makes no HTML and no code of texts, which a strict policy would refuse", () => {
  const text = new TextDecoder().decode(built);
  expect(text).toContain("persona-chat");
  expect(text).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|new Function|\beval\(/);
});
