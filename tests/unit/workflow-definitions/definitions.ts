import { beforeAll } from "vitest";
import { send } from "../../support/api.ts";
import { bodyOf, get } from "../../support/personas.ts";
import { createUser, type TestUser } from "../../support/users.ts";
import type { Workflow } from "../../support/workflows.ts";

export const at = (name: string, rest = "") => `/api/v1/admin/workflows/${name}${rest}`;

/** An administrator, made before the tests of the file that imports this. */
export let admin: TestUser;

beforeAll(async () => {
  admin = await createUser("workflow_definitions", { role: "admin" });
});

export const put = (name: string, body: unknown) => send("PUT", at(name), body, admin.headers);

export const remove = (name: string) => send("DELETE", at(name), {}, admin.headers);

export const read = async (name: string) => bodyOf<Workflow>(await get(at(name), admin), 200);

interface Refusal {
  error: string;
  details: { errors: { step: string; path: string; message: string }[] };
}

export const refusal = async (answer: Response) => bodyOf<Refusal>(answer, 400);
