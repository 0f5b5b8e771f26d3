import { z } from "zod";
import { isShallow, tooDeep } from "#src/kernel/json-object.ts";
import { type Outcome, refusal, success } from "#src/kernel/outcome.ts";
import type { Caller } from "./connection.ts";

/** Rooms of one connection. */
export const maxRooms = 50;

/** Users that are named in the answer to who is in a room. */
export const maxUsersNamed = 1000;

/** What somebody says in a room, in bytes of JSON. */
export const maxRoomMessageBytes = 8 * 1024;

/** So long somebody may be away, as while a page loads anew, without having left; milliseconds. */
export const awayMs = 10_000;

export const roomSchema = z.string().regex(/^[a-z0-9:_-]{1,64}$/, "Not the name of a room");

const encoder = new TextEncoder();

/** Any JSON that is not too long. What comes in a frame is JSON already; its schema would be one that refers to itself. */
export const roomMessageSchema = z
  .unknown()
  .refine((data) => data !== undefined, "Say something: any JSON")
  .refine(isShallow, { message: tooDeep, abort: true })
  .refine((data) => encoder.encode(JSON.stringify(data) ?? "").byteLength <= maxRoomMessageBytes, {
    message: `At most ${maxRoomMessageBytes} bytes`,
  })
  .describe("Any JSON");

/** What reading a thing comes to. */
type ReadingOf = (caller: Caller, id: string) => Promise<Outcome<unknown>>;

/** What the rights to rooms are asked of. */
export interface RoomRights {
  readRun: ReadingOf;
  readProject: ReadingOf;
  readConversation: ReadingOf;
  readOrder: ReadingOf;
  readCustomer: ReadingOf;
}

/** Rooms of things, by how their names begin: who may join is who may read the thing. */
const ofThings: Readonly<Record<string, (rights: RoomRights) => ReadingOf>> = {
  run: ({ readRun }) => readRun,
  project: ({ readProject }) => readProject,
  conversation: ({ readConversation }) => readConversation,
  order: ({ readOrder }) => readOrder,
  customer: ({ readCustomer }) => readCustomer,
};

/** The conversation whose room it is; undefined for every other room. */
export const conversationOfRoom = (room: string): string | undefined => /^conversation:(.+)$/.exec(room)?.[1];

/** Whether somebody may be in a room: in that of a thing if they may read it, in any other of their tenant. */
export async function mayJoin(rights: RoomRights, caller: Caller, room: string): Promise<Outcome<unknown>> {
  const [kind = "", ...rest] = room.split(":");
  const ofThing = rest.length > 0 && Object.hasOwn(ofThings, kind) ? ofThings[kind] : undefined;
  if (!ofThing) return success(undefined);
  const id = rest.join(":");
  return z.uuid().safeParse(id).success ? ofThing(rights)(caller, id) : refusal("NOT_FOUND");
}
