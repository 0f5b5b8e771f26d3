import { z } from "zod";
import type { Extent } from "./extent.ts";
import { timed } from "./load.ts";
import type { BenchPlatform } from "./platform.ts";
import { type Finding, milliseconds, within } from "./report.ts";

/** What a rebuild has before it: so many persons with so many interactions each. */
const past = { persons: 20_000, each: 50 };

const rebuiltSchema = z.object({ upTo: z.string().nullable() });
const describedSchema = z.object({ block: z.string() });

/** What a turn waits for to know of its person, and how long anybody waits while a week of learning is done again. */
export async function benchPersonalisation(
  { baselineUrl }: BenchPlatform,
  { rounds, seconds }: Extent,
): Promise<Finding[]> {
  const post = async (path: string, body: object = {}): Promise<unknown> => {
    const answer = await fetch(`${baselineUrl}/recommend/${path}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
    return answer.json();
  };
  await post("person/past");
  const describe = async () => describedSchema.parse(await post("describe/past"));
  await timed(describe, { count: rounds });
  const described = await timed(describe, { count: rounds * 5 });

  await post("items/past");
  await post("past/past", past);
  await post("rebuild/past");
  const [begun, waits] = [performance.now(), [0]];
  let upTo: string | null = "";
  while (upTo !== null && performance.now() < begun + 5000 * seconds) {
    const asked = performance.now();
    ({ upTo } = rebuiltSchema.parse(await post("rebuilt/past")));
    waits.push(performance.now() - asked);
  }
  const sorted = waits.toSorted((one, other) => other - one);
  const share = (part: number) => sorted[Math.floor(sorted.length * part)] ?? 0;
  const reached = Number(/past-(\d+)/.exec(upTo ?? "")?.[1] ?? past.persons) / past.persons;
  const howFar = `${Math.round(100 * reached)} % of 1 000 000 interactions built anew, ${sorted.length} calls meanwhile`;
  return [
    within(5, "a turn: what is known of its person, one call (median)", described.median, milliseconds),
    within(
      50,
      `a call of the object while all is built anew: the longest wait (${howFar})`,
      share(0),
      milliseconds,
    ),
    within(50, "the same, all but one in a hundred", share(0.01), milliseconds),
  ];
}
