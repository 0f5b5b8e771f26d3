import { z } from "zod";
import { inexactNumbers } from "#src/http/exact-numbers.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { halfCharacterIn } from "#src/text/well-formed.ts";

/** Files that go with one request. */
const maxFiles = 5;
/** Of the operation with its variables, as without files. */
const maxOperationsBytes = 100 * 1024;

type Body = Record<string, unknown>;

const bodySchema = z.record(z.string(), z.unknown());
const mapSchema = z.record(z.string(), z.array(z.string().max(200)).min(1).max(maxFiles));

const refused = (message: string): AppError => new AppError("BAD_REQUEST", { message });

/** The JSON in a part of a form. */
function jsonIn(form: FormData, part: string): unknown {
  const text = form.get(part);
  if (typeof text !== "string") throw refused(`The form has no part \`${part}\` with JSON`);
  if (new TextEncoder().encode(text).byteLength > maxOperationsBytes)
    throw new AppError("PAYLOAD_TOO_LARGE", { details: { max_bytes: maxOperationsBytes } });
  try {
    const value: unknown = JSON.parse(text);
    if (inexactNumbers(text).length > 0 || halfCharacterIn(value))
      throw refused(`The part \`${part}\` has what would not stay what it is`);
    return value;
  } catch (error) {
    throw error instanceof AppError ? error : refused(`The part \`${part}\` is no JSON`);
  }
}

const isHolder = (value: unknown): value is Body | unknown[] => typeof value === "object" && value !== null;

/** A value within another, that has it itself. */
const within = (holder: unknown, key: string): unknown =>
  isHolder(holder) && Object.hasOwn(holder, key)
    ? Object.entries(holder).find(([name]) => name === key)?.[1]
    : undefined;

/** Puts a file where the variables have null for it. */
function put(body: Body, path: string, file: File): void {
  const [root, ...keys] = path.split(".");
  const last = keys.pop();
  const holder = keys.reduce(within, within(body, "variables"));
  if (root !== "variables" || last === undefined || !isHolder(holder) || within(holder, last) !== null)
    throw refused(`There is no place for a file at \`${path}\`: it has to be a variable that is null`);
  Object.assign(holder, { [last]: file });
}

/** Whether a request comes with files. */
export const isMultipart = (contentType: string | undefined): boolean =>
  /^multipart\/form-data\s*(?:;|$)/i.test(contentType ?? "");

/**
 * The body that a form stands for, as the GraphQL multipart request specification has it: `operations` with null in the
 * place of each file, `map` that says which file goes where, and the files.
 * @throws AppError `BAD_REQUEST` for a form that is none, a file that no variable takes, and a place that is not there
 */
export function uploadedBody(form: FormData): Body {
  const operations = jsonIn(form, "operations");
  if (Array.isArray(operations)) throw refused("One operation at a time: a list is not taken");
  const { data: body } = bodySchema.safeParse(operations);
  if (!body) throw refused("The part `operations` is no operation");
  const { data: map } = mapSchema.safeParse(jsonIn(form, "map"));
  if (!map) throw refused("The part `map` does not say which file goes where");
  const parts = [...form.keys()].filter((part) => part !== "operations" && part !== "map");
  if (parts.length > maxFiles) throw refused(`At most ${maxFiles} files`);
  const unmapped = parts.find((part) => !Object.hasOwn(map, part));
  if (unmapped !== undefined) throw refused(`No variable takes the file \`${unmapped}\``);
  for (const [part, paths] of Object.entries(map)) {
    const [file, another] = form.getAll(part);
    if (!(file instanceof File) || another !== undefined)
      throw refused(`There is no file \`${part}\`, or several`);
    for (const path of paths) put(body, path, file);
  }
  return body;
}
