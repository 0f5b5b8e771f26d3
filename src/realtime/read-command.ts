import { z } from "zod";
import type { Refusal } from "#src/kernel/outcome.ts";
import { wellFormed } from "#src/text/well-formed.ts";
import { type Command, commandSchema } from "./frames.ts";
import { bodyOfFrame, commandIn, notJson, notText, type Unreadable } from "./read-frame.ts";
import { readStart, type StartWorkflow, startsWorkflow, workflowIdOf } from "./workflow/start-workflow.ts";

const commandNames: readonly string[] = commandSchema.options.map(({ shape }) => shape.event.value);

/** A frame that has been read, or what is wrong with it. */
export type Reading =
  | { ok: true; value: Command | StartWorkflow }
  | Unreadable
  /** A workflow that is not started: its client waits for a word of it. */
  | { ok: false; workflow: string; why: Refusal };

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

/** One that has no word of the client's for it is answered as a command is. */
function readStartOf(body: unknown, message: string): Reading {
  const start = readStart(body, message);
  if (start.ok) return start;
  const workflow = workflowIdOf(body);
  if (workflow !== undefined) return { ok: false, workflow, why: start };
  return {
    ok: false,
    details: "id: 1 to 128 printable characters without spaces",
    command: "start_workflow",
  };
}

/** Reads a frame of the client; a refusal names the command and its id as far as they can be told. */
export function readCommand(message: string | ArrayBuffer): Reading {
  if (typeof message !== "string") return notText;
  const body = bodyOfFrame(message);
  if (body === undefined) return notJson;
  if (startsWorkflow(body)) return readStartOf(body, message);
  const whole = wholeOf(body);
  return whole === undefined ? notJson : commandIn(inFrame(whole), commandSchema, commandNames);
}

/** A frame without half characters; undefined where one is nested deeper than can be mended. */
function wholeOf(body: unknown): unknown {
  try {
    return wellFormed(body);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
