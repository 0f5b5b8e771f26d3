import { readFileSync } from "node:fs";
import { dictionary } from "@zxcvbn-ts/language-common";
import { expect, it } from "vitest";
import { commonPasswordsModule } from "#scripts/common-passwords-module.ts";

it("The bundled list of common passwords is the package's (else: npm run common-passwords)", () => {
  const bundled = readFileSync("src/identity/passwords/common-passwords.ts", "utf8");
  expect(bundled).toBe(commonPasswordsModule(dictionary["passwords-common"]));
  expect(bundled.split(" ").length).toBeGreaterThan(5000);
});
