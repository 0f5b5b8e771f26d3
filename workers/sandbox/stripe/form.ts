/** A value of a form in Stripe's encoding: `a[b][0]=c` is `{a: {b: {0: "c"}}}`. */
export type Form = { [name: string]: string | Form };

/** Reads such a form; a name that another one contradicts is left out. */
export function formOf(fields: Iterable<[string, string | File]>): Form {
  const form: Form = {};
  for (const [name, value] of fields) {
    if (typeof value !== "string") continue;
    const path = name.split("[").map((part) => part.replace(/\]$/, ""));
    const last = path.pop() ?? "";
    let at = form;
    for (const part of path) {
      const next = at[part] ?? {};
      if (typeof next === "string") break;
      at[part] = next;
      at = next;
    }
    at[last] = value;
  }
  return form;
}

/** What is at a path of a form. */
export function textAt(form: Form, ...path: string[]): string | undefined {
  let at: string | Form | undefined = form;
  for (const part of path) at = typeof at === "object" ? at[part] : undefined;
  return typeof at === "string" ? at : undefined;
}

/** The texts of a form by their names. */
export const textsAt = (form: Form, name: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(typeof form[name] === "object" ? form[name] : {}).flatMap(([key, value]) =>
      typeof value === "string" ? [[key, value]] : [],
    ),
  );
