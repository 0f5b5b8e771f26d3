import type { Extent } from "./extent.ts";
import { byTurns, timed } from "./load.ts";
import type { BenchPlatform } from "./platform.ts";
import { atLeast, atMost, type Finding, milliseconds, perSecond, within } from "./report.ts";

/** Likes of a person, persons of the smaller tenant, and how many times as many the larger one has. */
const [likes, persons, times] = [50, 20, 100];

/** What lists cost among 10 000 items, and what it costs to learn, both beside an object that only has the rows. */
export async function benchRecommendations(
  { baselineUrl }: BenchPlatform,
  { rounds, turns }: Extent,
): Promise<Finding[]> {
  const post = async (path: string, body: object) => {
    const answer = await fetch(`${baselineUrl}/recommend/${path}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
    await answer.text();
  };
  for (const name of ["few", "many"]) await post(`items/${name}`, {});
  await post("persons/few", { from: 0, count: persons, likes });
  // The larger one is filled a part a call, which is what is timed: 20 persons, 1 000 interactions, ten batches.
  const parts = rounds < 20 ? 10 : times;
  const filling = await timed(
    (part) => post("persons/many", { from: part * persons, count: persons, likes }),
    {
      count: parts,
    },
  );
  const writing = await timed((number) => post("bare/write", { number }), { count: Math.ceil(parts / 4) });
  const asking = (path: string) =>
    timed((number) => post(path, { number: number % persons }), { count: rounds });
  const contenders = {
    few: () => asking("ask/few"),
    many: () => asking("ask/many"),
    bare: () => asking("bare/read"),
  };
  for (const warm of Object.values(contenders)) await warm();
  const middle = await byTurns(contenders, { turns, rate: ({ median }) => median });
  const [few, many, bare] = [middle("few"), middle("many"), middle("bare")];
  const learnt = filling.perSecond * persons * likes;
  const written = writing.perSecond * 100;
  return [
    within(12, "recommendations: 5 of 10 000 items, warm (median)", many.median, milliseconds),
    atMost(3, {
      what: "the same",
      measured: milliseconds(many.median),
      baseline: `${milliseconds(bare.median)} a bare object that reads as many rows`,
      ratio: many.median / bare.median,
    }),
    atMost(1.5, {
      what: `the same with ${parts} × the interactions`,
      measured: milliseconds(many.median),
      baseline: `${milliseconds(few.median)} with ${persons * likes}`,
      ratio: many.median / few.median,
    }),
    atLeast(1, {
      what: "interactions, batches of 100, to one object",
      measured: perSecond(learnt),
      baseline: `${perSecond(1000)} (the goal)`,
      ratio: learnt / 1000,
    }),
    atLeast(0.3, {
      what: "the same",
      measured: perSecond(learnt),
      baseline: `${perSecond(written)} a bare object that writes as many rows`,
      ratio: learnt / written,
    }),
  ];
}
