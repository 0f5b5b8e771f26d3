import { z } from "@hono/zod-openapi";
import { importedText, readTable } from "#src/imports/index.ts";
import { operation } from "#src/operation/operation.ts";
import type { CustomerRow } from "../customers/customer-repository.ts";
import { customerColumns, fateOfCustomer } from "./customer-columns.ts";
import { customersNamed, writeCustomers } from "./customer-import-repository.ts";
import { importReportSchema, shopImportFormSchema } from "./schemas.ts";
import { type Fate, type Importer, type ItemRow, takeOver } from "./take-over.ts";

const textIn = (value: unknown): string | undefined =>
  typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;

/** What a row says that one customer alone has: id, external id, e-mail address. */
const namesOf = ({ id, external_id, email }: Record<string, unknown>) =>
  [textIn(id), textIn(external_id), textIn(email)?.toLowerCase()] as const;

/** The customer that a row is about: by its id, else by what another system calls it. */
function customerOf({ item }: ItemRow, known: readonly CustomerRow[]): CustomerRow | undefined {
  const [id, externalId] = namesOf(item);
  const byId = id === undefined ? undefined : known.find((each) => each.id === id);
  return (
    byId ?? (externalId === undefined ? undefined : known.find((each) => each.externalId === externalId))
  );
}

/** A row that says of one customer what another has is refused. */
function unlessTaken(fate: Fate<CustomerRow>, known: readonly CustomerRow[]): Fate<CustomerRow> {
  if (!("thing" in fate)) return fate;
  const { id, email, externalId } = fate.thing;
  const isTaken = known.some(
    (other) =>
      other.id !== id &&
      ((email !== null && other.email?.toLowerCase() === email.toLowerCase()) ||
        (externalId !== null && other.externalId === externalId)),
  );
  const error = "Another customer has this e-mail address or external id";
  return isTaken ? { row: fate.row, error } : fate;
}

export const importCustomers = operation({
  name: "importCustomers",
  summary: "Make and change customers by a file of at most 10 MB and 50 000 rows, by their external ids",
  description:
    "A table names its columns in its first row: `name` and, if wanted, `external_id`, `email`, `phone`, `address` in JSON, `tags` with `|` between, `notes`, `is_active`; others are ignored, and columns left out stay as they are. A row that has the `id` of a customer, as exports have it, is about that one. A row that cannot be taken over is reported and stops no other. What the export gives is taken unchanged, what is masked in it too.",
  input: z.object({ body: shopImportFormSchema }),
  output: importReportSchema,
  refusals: ["BAD_REQUEST", "PAYLOAD_TOO_LARGE"],
  run: async (platform, actor, { body: { file, dry_run: dryRun } }) => {
    const { commerce, clock } = platform;
    const { clientId } = actor;
    const importer: Importer<CustomerRow> = {
      keysOf: (item) => [...namesOf(item)],
      decide: async (rows) => {
        const now = clock.now();
        const names = rows.map(({ item }) => namesOf(item));
        const known = await customersNamed(commerce.db, clientId, {
          ids: names.flatMap(([id]) => id ?? []),
          externalIds: names.flatMap(([, externalId]) => externalId ?? []),
          emails: names.flatMap(([, , email]) => email ?? []),
        });
        return rows.map((row) =>
          unlessTaken(fateOfCustomer(row, customerOf(row, known), { clientId, now }), known),
        );
      },
      write: (things) => writeCustomers(platform, actor, things, clock.now()),
    };
    return takeOver(importer, readTable(await importedText(file), customerColumns, "name"), { dryRun });
  },
});
