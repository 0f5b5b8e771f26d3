import { AppError } from "#src/kernel/app-error.ts";

const named = /^([A-Z]\w*):(.+)$/;

/** What names a thing of any type: base64url of `Type:id`. */
export const globalId = (type: string, id: string): string =>
  btoa(`${type}:${id}`).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** The type and the id that a global id says; undefined for an id of REST, or of nothing. */
export function readGlobalId(given: string): { type: string; id: string } | undefined {
  if (!/^[\w-]+$/.test(given)) return undefined;
  try {
    const [, type, id] = named.exec(atob(given.replaceAll("-", "+").replaceAll("_", "/"))) ?? [];
    return type === undefined || id === undefined ? undefined : { type, id };
  } catch {
    return undefined;
  }
}

/**
 * The id that an argument means, given as REST has it or as GraphQL has it.
 * @param argument its name
 * @throws AppError `VALIDATION_ERROR` for the id of something of another type
 */
export function idOf(type: string, given: string, argument = "id"): string {
  const read = readGlobalId(given);
  if (!read) return given;
  if (read.type === type) return read.id;
  throw new AppError("VALIDATION_ERROR", {
    details: { fields: [{ path: argument, message: `The id of a ${read.type}, not of a ${type}` }] },
  });
}
