import { send } from "../../support/api.ts";
import { createUser, type TestUser } from "../../support/users.ts";

export const path = "/api/v1/admin/clients";

export const admin = () => createUser("operator", { role: "admin" });

export const put = (user: TestUser, id: string, body: unknown) =>
  send("PUT", `${path}/${id}`, body, user.headers);

export const remove = (user: TestUser, id: string) => send("DELETE", `${path}/${id}`, {}, user.headers);
