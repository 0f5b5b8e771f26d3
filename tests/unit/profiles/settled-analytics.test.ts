import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { database } from "#src/db/client.ts";
import { consentsFrom } from "#src/personalisation/index.ts";
import { settleAnalytics } from "#src/profiles/consents/settle-analytics.ts";
import { personOf } from "../../support/persons.ts";

const db = database(env.DB);

/** Whether somebody's activity is counted under their id. */
const isCounted = async (clientId: string, person: string): Promise<boolean> => {
  const counting = env.DB.prepare("SELECT 1 FROM analytics_consents WHERE client_id = ? AND person = ?");
  return (await counting.bind(clientId, person).first()) !== null;
};

it.each([
  ["a no that comes while a yes is written down", [true, false, false], false],
  ["a yes that comes while a no is written down", [false, true, true], true],
  [
    "nothing but a no of who never stops to say one and the other",
    [true, false, true, false, true, false],
    false,
  ],
] as const)("The figures follow %s", async (_, course, counted) => {
  const clientId = "settled";
  const said = course.values();
  const consentsOf = async () => {
    const granted = said.next().value ?? false;
    return consentsFrom({ analytics: { granted, at: 1, textVersion: null, source: "test" } });
  };
  await settleAnalytics(db, { consentsOf }, { clientId, id: "ada" });
  expect(await isCounted(clientId, "ada")).toBe(counted);
});

it("What is said at once by several calls is counted as it stands in the end (invariant 3)", async () => {
  const clientId = "settled_at_once";
  const person = await personOf(clientId, []);
  for (let round = 0; round < 5; round++) {
    const said = [true, false, true, false, round % 2 === 0];
    await Promise.all(said.map((analytics) => person.PUT("/api/v1/user/consents", { body: { analytics } })));
    const { data } = await person.GET("/api/v1/user/consents");
    expect(await isCounted(clientId, person.id)).toBe(data?.analytics.granted);
  }
  await Promise.all([
    person.PUT("/api/v1/user/consents", { body: { analytics: true } }),
    person.DELETE("/api/v1/personalization/user-profile/{user_id}", { params: { path: person.path } }),
  ]);
  const { data } = await person.GET("/api/v1/user/consents");
  expect(await isCounted(clientId, person.id)).toBe(data?.analytics.granted);
});
