import { refusedFields } from "#src/http/error-response.ts";
import type { AppError } from "#src/kernel/app-error.ts";
import { plainIssues } from "#src/kernel/issues.ts";
import { newPasswordSchema } from "../schemas.ts";

/** What is wrong with somebody's new password; nothing when it will do. */
export function passwordProblems(password: string, email: string): string[] {
  const problems = plainIssues(newPasswordSchema.safeParse(password).error?.issues ?? []).map(
    ({ message }) => message,
  );
  // What the schema cannot see: whose it is.
  if (password.toLowerCase() === email.toLowerCase()) problems.push("Not your e-mail address");
  return problems;
}

/**
 * Refuses a new password that will not do.
 * @throws AppError `VALIDATION_ERROR` naming the field
 */
export function checkNewPassword(password: string, email: string, path = "password"): void {
  const problems = passwordProblems(password, email);
  if (problems.length === 0) return;
  throw refusedFields(problems.map((message) => ({ path, message })));
}

/** The refusal of a new password that is none. */
export const notTheCurrentOne = (path = "new_password"): AppError =>
  refusedFields([{ path, message: "Not the current one" }]);
