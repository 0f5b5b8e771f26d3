import { AppError } from "../http/app-error.ts";
import { newPasswordSchema } from "./schemas.ts";

/**
 * What the schema cannot see of a new password: whose it is.
 * @throws AppError `VALIDATION_ERROR` naming the field
 */
export function checkNewPassword(password: string, email: string, path = "password"): void {
  const problems = newPasswordSchema.safeParse(password).error?.issues.map(({ message }) => message) ?? [];
  if (password.toLowerCase() === email.toLowerCase()) problems.push("Not your e-mail address");
  if (problems.length === 0) return;
  throw new AppError("VALIDATION_ERROR", {
    details: { fields: problems.map((message) => ({ path, message })) },
  });
}

/** The refusal of a new password that is none. */
export const notTheCurrentOne = (path = "new_password"): AppError =>
  new AppError("VALIDATION_ERROR", { details: { fields: [{ path, message: "Not the current one" }] } });
