import { z } from "@hono/zod-openapi";
import { expect, it } from "vitest";
import { columnsOf } from "#src/http/columns-of.ts";
import { wireRow } from "#src/http/wire-row.ts";

const schema = z.object({
  id: z.string(),
  owner_user_id: z.string(),
  created_at: z.iso.datetime(),
  completed_at: z.iso.datetime().nullable(),
  is_active: z.boolean(),
  phone: z.string().optional(),
  title: z.string().nullable(),
});

const row = {
  id: "1",
  ownerUserId: "2",
  createdAt: 0,
  completedAt: null,
  isActive: false,
  phone: null,
  title: null,
  passwordHash: "stays here",
};

const before: { isActive: boolean; displayName: string; ownerUserId: string | null } = {
  isActive: true,
  displayName: "As it was",
  ownerUserId: "2",
};

it("A row is on the wire what its schema names, in its words, with ISO times", () => {
  const view: z.infer<typeof schema> = wireRow(schema, row);
  expect(view).toStrictEqual({
    id: "1",
    owner_user_id: "2",
    created_at: "1970-01-01T00:00:00.000Z",
    completed_at: null,
    is_active: false,
    phone: undefined,
    title: null,
  });
  expect(wireRow(schema, { ...row, completedAt: 1, phone: "7" })).toMatchObject({
    completed_at: "1970-01-01T00:00:00.001Z",
    phone: "7",
  });
});

it("What is no column, or is said otherwise, is given beside the row", () => {
  const { title: _, ...untitled } = row;
  expect(wireRow(schema, untitled, { title: "T", id: "x" })).toMatchObject({ title: "T", id: "x" });
});

it("A field without a column, or with one of another type, does not compile", () => {
  const { title: _, ...untitled } = row;
  // @ts-expect-error: title is missing
  wireRow(schema, untitled);
  // @ts-expect-error: title must be text
  wireRow(schema, { ...row, title: 1 });
  // @ts-expect-error: id cannot be null
  wireRow(schema, { ...row, id: null });
  // @ts-expect-error: the schema does not name it
  wireRow(schema, row, { surname: "S" });
  // @ts-expect-error: no text is an ISO time by chance
  wireRow(schema, row, { created_at: 5 });
});

it("What a body gives becomes columns, and what it leaves out stays as it is", () => {
  const change: { is_active?: boolean; display_name?: string; owner_user_id: string | null } = {
    is_active: false,
    display_name: undefined,
    owner_user_id: null,
  };
  const changed: typeof before = { ...before, ...columnsOf(change) };
  expect(changed).toStrictEqual({ isActive: false, displayName: "As it was", ownerUserId: null });
});
