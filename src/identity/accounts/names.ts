import { refusedFields } from "#src/http/error-response.ts";

/** A person's name as it may be given: in two parts, or as one. */
interface Given {
  first_name?: string | undefined;
  last_name?: string | undefined;
  name?: string | undefined;
}

/**
 * First and last name; a name that is given as one is parted at its last space.
 * @throws AppError `VALIDATION_ERROR` where both are given, which may differ, or a part is too long
 */
export function namesOf({ first_name, last_name, name }: Given) {
  if (name === undefined) return { firstName: first_name, lastName: last_name };
  if (first_name !== undefined || last_name !== undefined) throw refused("Stands instead of both names");
  const at = name.lastIndexOf(" ");
  const [firstName, lastName] = at < 0 ? [name] : [name.slice(0, at).trimEnd(), name.slice(at + 1)];
  if (firstName.length > maxLength || (lastName?.length ?? 0) > maxLength) throw refused("Too long a part");
  return { firstName, lastName };
}

/** Most characters of a part, as each has by itself. */
const maxLength = 100;

const refused = (message: string) => refusedFields([{ path: "name", message }]);
