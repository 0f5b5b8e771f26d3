import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { placeFrom, placeShape, placeText, resumeAt } from "#src/events/resume.ts";

const log = { epoch: "abc", oldest: 5, latest: 9 };

describe("Whoever comes back", () => {
  it.each([4, 5, 9])("after event %i of 5 to 9 goes on there", (seq) => {
    expect(resumeAt({ epoch: "abc", seq }, log)).toEqual({ after: seq });
    expect(resumeAt({ seq }, log)).toEqual({ after: seq });
  });

  it.each([
    ["too late", { epoch: "abc", seq: 3 }],
    ["from another log", { epoch: "other", seq: 7 }],
    ["with a number that this log has not reached", { seq: 10 }],
  ])("%s is told of a gap, and goes on with the oldest", (_, place) => {
    expect(resumeAt(place, log)).toEqual({ after: 4, gap: { since: place.seq, oldest: 5, latest: 9 } });
  });

  it("to an empty log has a gap only if there was another one", () => {
    const empty = { epoch: "abc", oldest: 0, latest: 0 };
    expect(resumeAt({ epoch: "abc", seq: 0 }, empty)).toEqual({ after: 0 });
    expect(resumeAt({ epoch: "other", seq: 0 }, empty).gap).toEqual({ since: 0, oldest: 0, latest: 0 });
  });
});

it("A place is read as it was written, with its log or without", () => {
  const place = fc.record({
    epoch: fc.option(fc.stringMatching(/^[0-9a-z]{1,20}$/), { nil: undefined }),
    seq: fc.nat(),
  });
  fc.assert(
    fc.property(place, (one) => {
      expect(placeText(one)).toMatch(placeShape);
      expect(placeFrom(placeText(one))).toEqual(one);
    }),
  );
});
