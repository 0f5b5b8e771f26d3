import { z } from "zod";
import { plainIssues } from "#src/kernel/issues.ts";
import { wellFormed } from "#src/text/well-formed.ts";
import { type Command, commandSchema } from "./frames.ts";

/** As much of a broken command as can be told. */
const addressSchema = z
  .object({
    event: z.string().max(100).optional().catch(undefined),
    id: z.string().max(128).optional().catch(undefined),
  })
  .catch({ event: undefined, id: undefined });

const commandNames: readonly string[] = commandSchema.options.map(({ shape }) => shape.event.value);

type Reading = { ok: true; value: Command } | { ok: false; details: string; command?: string; id?: string };

/** Frames of the hub before this one: the command is their type, the room stands in `room`, `data.room` or as `data`. */
const olderSchema = z
  .object({
    type: z.enum(["join_room", "leave_room", "room_message"]),
    id: z.unknown().optional(),
    room: z.unknown().optional(),
    data: z.unknown().optional(),
  })
  .transform(({ type, id, room, data }) => {
    const command = { type: "command", event: type, ...(id === undefined ? {} : { id }) };
    if (room !== undefined) return { ...command, data: { room, data } };
    return { ...command, data: typeof data === "string" ? { room: data } : data };
  });

const inFrame = (body: unknown): unknown => olderSchema.safeParse(body).data ?? body;

/** Reads a frame of the client; a refusal names the command and its id as far as they can be told. */
export function readCommand(message: string | ArrayBuffer): Reading {
  if (typeof message !== "string") return { ok: false, details: "Send text, not bytes" };
  let body: unknown;
  try {
    body = wellFormed(JSON.parse(message));
  } catch {
    return { ok: false, details: "Not JSON" };
  }
  const parsed = commandSchema.safeParse(inFrame(body));
  if (parsed.success) return { ok: true, value: parsed.data };
  const { event: command, id } = addressSchema.parse(inFrame(body));
  const [issue] = plainIssues(parsed.error.issues);
  const known = command !== undefined && commandNames.includes(command);
  return {
    ok: false,
    details:
      known && issue
        ? `${issue.path.join(".")}: ${issue.message}`
        : `Command '${command ?? ""}' not recognized`,
    command,
    id,
  };
}
