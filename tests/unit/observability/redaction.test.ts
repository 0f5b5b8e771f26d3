import { expect, it } from "vitest";
import { redacted, redactedErrorFields } from "#src/observability/redaction.ts";

it("Words of the run's own data are taken out, in whatever form they come back", () => {
  const data = [{ prompt: "Secret plans for Zanzibar", nested: [{ "field-name": 4711 }] }];
  for (const text of ["zanzibar", "SECRET%20plans", '\\"Zanzibar\\"', "field-name=4711"]) {
    expect(redacted(`It says ${text} here`, { data })).not.toMatch(/zanzibar|secret|plans|field|4711/i);
  }
  expect(redacted("It says zanzibar here", { data })).toBe("It says […] here");
});

it("A known key is taken out, whole and in pieces", () => {
  const secrets = ["sk-live-Abcdefgh1234"];
  expect(redacted("key sk-live-Abcdefgh1234 or abcdefgh or xAbcdefgh1234x", { secrets })).toBe(
    "key sk-[…]-[…] or […] or […]",
  );
});

it("What looks like no word of a message is taken out: keys, digests, encoded data, other scripts", () => {
  const text = "max_tokens must be at most 64000, not c2VjcmV0IHBsYW5z 0123456789 geheimes日本 Ωmega";
  expect(redacted(text, {})).toBe("max_tokens must be at most 64000, not […] […] […] […]");
});

it("An error's stack loses its message", () => {
  const fields = redactedErrorFields(new TypeError("plans\nfor Zanzibar"), { data: ["plans for Zanzibar"] });
  expect(fields).toMatchObject({ error_name: "TypeError", error_message: "[…]\n[…] […]" });
  expect(fields.stack).toContain("redaction.test.ts");
  expect(fields.stack).not.toMatch(/plans|Zanzibar/);
});
