import { writeFileSync } from "node:fs";
import { dictionary } from "@zxcvbn-ts/language-common";
import { commonPasswordsModule } from "./common-passwords-module.ts";

/** `npm run common-passwords`: makes the bundled list again from the package it is taken from. */
writeFileSync(
  "src/identity/passwords/common-passwords.ts",
  commonPasswordsModule(dictionary["passwords-common"]),
);
