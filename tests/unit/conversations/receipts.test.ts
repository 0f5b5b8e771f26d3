import fc from "fast-check";
import { expect, it } from "vitest";
import { type Receipt, withReceipt } from "#src/conversations/receipts.ts";

const seq = fc.nat({ max: 100 });
const said = fc.record({ delivered: seq, read: seq }, { requiredKeys: [] });

it("Receipts only grow, never beyond the last message, and what is read has been delivered", () => {
  fc.assert(
    fc.property(fc.array(said), seq, (all, lastSeq) => {
      let held = { delivered: 0, read: 0 };
      for (const one of all) {
        const next = withReceipt(held, one, lastSeq);
        expect(next.read).toBeGreaterThanOrEqual(held.read);
        expect(next.delivered).toBeGreaterThanOrEqual(held.delivered);
        expect(next.delivered).toBeLessThanOrEqual(lastSeq);
        expect(next.read).toBeLessThanOrEqual(next.delivered);
        held = next;
      }
    }),
  );
});

it("In whatever order and however often they are said, the same holds in the end", () => {
  const end = (all: Partial<Receipt>[]) =>
    all.reduce<Receipt>((held, one) => withReceipt(held, one, 100), { delivered: 0, read: 0 });
  fc.assert(
    fc.property(fc.array(said), (all) => {
      expect(end([...all, ...all].reverse())).toEqual(end(all));
    }),
  );
});
