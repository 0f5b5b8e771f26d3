import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeEach, expect, it } from "vitest";
import { measureStorage, surveyEveryMs } from "#src/analytics/storage/measure-storage.ts";
import { storedSurvey } from "#src/analytics/storage/storage-repository.ts";
import { database } from "#src/db/client.ts";
import { api } from "../../support/api.ts";
import { present } from "../../support/personas.ts";
import { createUser } from "../../support/users.ts";

const db = database(env.DB);
const blobs = env.BLOBS;
const begun = Date.UTC(2026, 2, 1);
const measure = (now = begun, pages = { pages: 1, limit: 3 }) => measureStorage({ db, blobs }, now, pages);

/** What lies in R2 by another way. */
async function recount(): Promise<number> {
  const { objects } = await blobs.list();
  return objects.reduce((sum, { size }) => sum + size, 0);
}

beforeEach(async () => {
  const { objects } = await blobs.list();
  await blobs.delete(objects.map(({ key }) => key));
  await env.DB.prepare("DELETE FROM storage_survey").run();
});

it("The dashboard says how much lies in R2, and nothing before it has been measured", async () => {
  const { token } = await createUser("operator", { role: "admin" });
  const used = async () =>
    present((await api(token).GET("/api/v1/admin/dashboard")).data).usage_metrics.storage_used_gb;
  expect(await used()).toBeNull();
  await blobs.put("images/a.png", new Uint8Array(1500));
  await blobs.put("runs/a.json", new Uint8Array(500));
  await measure();
  expect(await used()).toBe(0.000_002);
  await blobs.delete("images/a.png");
  await measure(begun + surveyEveryMs);
  expect(await used()).toBe(0.000_000_5);
});

it("It is measured in parts, each from where the one before has ended; some time later anew", async () => {
  for (const name of ["a", "b", "c", "d", "e", "f", "g"]) await blobs.put(name, new Uint8Array(10));
  expect([await measure(), await measure()]).toEqual([3, 3]);
  expect(await storedSurvey(db)).toMatchObject({ bytes: null, lastKey: "f" });
  expect(await measure()).toBe(1);
  expect(await storedSurvey(db)).toMatchObject({ bytes: 70, lastKey: null });
  expect(await measure(begun + surveyEveryMs - 1)).toBe(0);
  expect(await measure(begun + surveyEveryMs)).toBe(3);
  expect(await storedSurvey(db)).toMatchObject({ bytes: 70, lastKey: "c" });
});

it("Two that measure at once count nothing twice", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(50), { minLength: 1, maxLength: 12 }), async (sizes) => {
      await env.DB.prepare("DELETE FROM storage_survey").run();
      await Promise.all(sizes.map((size, at) => blobs.put(`some/${at}`, new Uint8Array(size))));
      while ((await storedSurvey(db)).measuredAt === null) await Promise.all([measure(), measure()]);
      expect((await storedSurvey(db)).bytes).toBe(await recount());
    }),
    { numRuns: 20 },
  );
});
