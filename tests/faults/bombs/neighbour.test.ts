import { expect, it } from "vitest";
import { send } from "../../support/api.ts";
import { copywriter, get } from "../../support/personas.ts";
import { createUser } from "../../support/users.ts";

const doubling = Object.fromEntries(
  Array.from({ length: 61 }, (_, n) => {
    const $ref = `#/$defs/d${n + 1}`;
    return [`d${n}`, n === 60 ? {} : { allOf: [{ $ref }, { $ref }] }];
  }),
);
const prompt = "{{".repeat(115_000);
const bombs: Record<string, unknown>[] = [
  { input_schema: { $defs: doubling, $ref: "#/$defs/d0" } },
  { output_schema: { $defs: doubling, $ref: "#/$defs/d0" } },
  { input_schema: { pattern: "(\\p{L}{30}){30}|".repeat(20) } },
  { workflow: { start_step: "a", steps: { a: { action: "ai_text_generate", input: { prompt } } } } },
];

it("Nobody waits more than 250 ms longer while somebody saves what would take for ever", async () => {
  const hostile = await createUser("bombs_saved", { role: "admin" });
  const other = await createUser("bombs_neighbour");
  const latency = async () => {
    const begun = performance.now();
    expect((await get("/api/v1/user/profile", other)).status).toBe(200);
    return performance.now() - begun;
  };
  const quiet = [];
  for (let call = 0; call < 10; call++) quiet.push(await latency());
  for (const bomb of bombs) {
    const config = { ...copywriter.config, ...bomb };
    const body = { name: "Bomb", category: "data-driven", config };
    const [answer, waited] = await Promise.all([
      send("POST", "/api/v1/templates", body, hostile.headers),
      latency(),
    ]);
    expect(answer.status).toBe(400);
    expect(waited - Math.max(...quiet)).toBeLessThan(250);
  }
});
