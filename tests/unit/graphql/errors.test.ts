import { GraphQLError } from "graphql";
import { expect, it } from "vitest";
import { errorTeller, refused } from "#src/graphql/errors.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { LogFields, Logger } from "#src/observability/logger.ts";

/** What a caller is told, and what is logged of it. */
function toldOf(error: Error) {
  const logged: LogFields[] = [];
  const log: Logger = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: (_message, fields = {}) => logged.push(fields),
    with: () => log,
  };
  const { message, extensions, path } = errorTeller({ requestId: "request-1", log })(error);
  return { message, path, ...extensions, logged };
}

it("A refusal is told as REST tells it, and not logged", () => {
  const refusal = new AppError("CONFLICT", { message: "Taken", details: { name: "Mine" } });
  expect(toldOf(new GraphQLError("Taken", { path: ["me"], originalError: refusal }))).toEqual({
    message: "Taken",
    path: ["me"],
    code: "CONFLICT",
    status: 409,
    details: { name: "Mine" },
    request_id: "request-1",
    logged: [],
  });
  expect(toldOf(refused(new AppError("QUERY_TOO_DEEP")))).toMatchObject({
    code: "QUERY_TOO_DEEP",
    status: 400,
  });
});

it("What was not expected is logged, and told without a word of it", () => {
  const secret = new Error("D1_ERROR: no such table: users");
  for (const error of [
    new GraphQLError(secret.message, { path: ["me", "email"], originalError: secret }),
    new GraphQLError("Int cannot represent 1.5", { path: ["me", "email"] }),
    new GraphQLError("it", {
      path: ["me", "email"],
      originalError: new AppError("INTERNAL_ERROR", { cause: secret }),
    }),
  ]) {
    const { logged, ...told } = toldOf(error);
    expect(told).toEqual({
      message: "Something went wrong on our side",
      path: ["me", "email"],
      code: "INTERNAL_ERROR",
      status: 500,
      request_id: "request-1",
    });
    expect(logged).toMatchObject([{ path: "me.email" }]);
  }
});

it("What is wrong with a request is said in words", () => {
  expect(toldOf(new Error("Missing query"))).toMatchObject({
    message: "Missing query",
    code: "VALIDATION_ERROR",
  });
  expect(toldOf(new GraphQLError("Syntax Error"))).toMatchObject({ message: "Syntax Error", status: 400 });
});
