import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { database } from "#src/db/client.ts";
import { userProfiles } from "#src/db/schema/index.ts";
import { errorFields } from "#src/observability/logger.ts";

it("What a failed query was given is not logged; the query, and why it failed, are", async () => {
  const secret = "a secret,\nof two lines and a $&";
  const error: unknown = await database(env.DB)
    .insert(userProfiles)
    .values({ userId: secret, preferences: {}, updatedAt: 1 })
    .then(
      () => undefined,
      (thrown) => thrown,
    );
  // What makes the care necessary.
  expect(String(error)).toContain(secret);
  const { error_message, stack } = errorFields(error);
  for (const text of [error_message, stack]) {
    expect(text).not.toContain("a secret");
    expect(text).not.toContain("of two lines");
    expect(text).toMatch(/insert into "user_profiles".*FOREIGN KEY constraint failed/);
  }
  expect(stack).toContain("error-fields.test.ts");
});

it("Other errors are logged with their message and stack, and thrown values as they are", () => {
  const error = new TypeError("It broke");
  expect(errorFields(error)).toEqual({
    error_name: "TypeError",
    error_message: "It broke",
    stack: error.stack,
  });
  expect(errorFields("a word")).toEqual({ error_message: "a word" });
});
