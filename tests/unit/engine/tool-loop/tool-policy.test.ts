import { describe, expect, it } from "vitest";
import { verdictOn } from "#src/engine/tool-loop/tool-policy.ts";

const rule = (tool: string, verdict: string) => ({ tool, verdict });
const policy = (...tool_policy: object[]) => ({ tool_policy });

describe("A persona's policy on tools", () => {
  it.each([
    ["nothing", {}, "allow"],
    ["another tool", policy(rule("remember", "deny")), "allow"],
    ["the tool", policy(rule("web_search", "ask")), "ask"],
    ["its beginning", policy(rule("web*", "deny")), "deny"],
    ["its end", policy(rule("*_search", "deny")), "deny"],
    ["parts of it", policy(rule("w*b*h", "deny")), "deny"],
    ["parts that overlap in it", policy(rule("web_se*search", "deny")), "allow"],
    ["a part twice that is there once", policy(rule("*web*web*", "deny")), "allow"],
    ["every tool, and this one", policy(rule("*", "ask"), rule("web_search", "allow")), "ask"],
    ["all there is to say", policy(rule("*", "allow"), rule("*", "ask"), rule("*", "deny")), "deny"],
    ["what nobody can read", policy(rule("*", "maybe")), "deny"],
  ])("that speaks of %s", (_, config, verdict) => {
    expect(verdictOn("web_search", config)).toBe(verdict);
  });
});
