import { maxImportBytes, tooLarge } from "#src/imports/index.ts";
import { formBody } from "./form-body.ts";

/** With what a multipart body adds to the file. */
const maxBodyBytes = maxImportBytes + 16 * 1024;

/** How to read a form with a file that is to be imported. */
export const importForm = formBody(maxBodyBytes, tooLarge);
