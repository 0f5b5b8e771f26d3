import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { endOfAddress, isSigned, signedAddress } from "#src/http/signed-address.ts";

const ring = (...names: string[]) => ({
  signingKeyId: names[0] ?? "",
  keys: new Map(names.map((name) => [name, new TextEncoder().encode(name.repeat(32))])),
});
const signatureIn = (address: string) => address.split("?sig=")[1] ?? "";
const now = Date.UTC(2026, 10, 28, 12, 3);
const path = "/api/v1/images/tenant/run/picture.png";

describe("A signed address", () => {
  it("is good for ten minutes at least and twenty at most, and the same for ten", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 42 }), (moment) => {
        const left = endOfAddress(moment) * 1000 - moment;
        expect(left).toBeGreaterThan(600_000);
        expect(left).toBeLessThanOrEqual(1_200_000);
      }),
    );
    expect(signedAddress(path, ring("a"), now + 60_000)).toBe(signedAddress(path, ring("a"), now));
    const signature = signatureIn(signedAddress(path, ring("a"), now));
    const end = endOfAddress(now) * 1000;
    expect(isSigned(path, signature, ring("a"), end - 1)).toBe(true);
    expect(isSigned(path, signature, ring("a"), end)).toBe(false);
  });

  it("is of one path, and of one end", () => {
    const signature = signatureIn(signedAddress(path, ring("a"), now));
    const [end = "", mac = ""] = signature.split(".");
    expect(isSigned(`${path}x`, signature, ring("a"), now)).toBe(false);
    expect(isSigned(path, `${Number(end) + 600}.${mac}`, ring("a"), now)).toBe(false);
    for (const broken of ["", ".", mac, `${end}.`, `${end}.${mac.slice(1)}`, `${end}.${mac.toUpperCase()}`])
      expect(isSigned(path, broken, ring("a"), now), broken).toBe(false);
  });

  it("outlives a change of the signing key, and none that is no key any more", () => {
    const signature = signatureIn(signedAddress(path, ring("a"), now));
    expect(isSigned(path, signature, ring("b", "a"), now)).toBe(true);
    expect(isSigned(path, signature, ring("b"), now)).toBe(false);
  });
});
