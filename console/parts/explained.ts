import { PersonaError } from "#client/index.ts";

/** A failure in words. */
export function explained(error: unknown): {
  title: string;
  message?: string;
  code?: string;
  requestId?: string;
} {
  if (!(error instanceof PersonaError))
    return error instanceof TypeError
      ? { title: "The platform cannot be reached", message: "It is tried again when the network is back." }
      : {
          title: "Something in this page went wrong",
          message: error instanceof Error ? error.message : undefined,
        };
  const { code, requestId, status } = error;
  if (status === 404)
    return { title: "Not found", message: "There is nothing here that you can see.", requestId };
  return { title: error.message, message: fieldsOf(error.details), code, requestId };
}

function fieldsOf(details: unknown): string | undefined {
  if (typeof details !== "object" || details === null || !("fields" in details)) return undefined;
  const { fields } = details;
  if (!Array.isArray(fields)) return undefined;
  const told = fields.flatMap((field: unknown) =>
    typeof field === "object" && field !== null && "path" in field && "message" in field
      ? [`${String(field.path)}: ${String(field.message)}`]
      : [],
  );
  return told.join(" · ") || undefined;
}
