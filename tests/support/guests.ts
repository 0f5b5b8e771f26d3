import { connect, type Frame } from "./sockets.ts";
import { createUserWithSession, type TestUser } from "./users.ts";

/** A connection that speaks of rooms. */
export async function guest(user: TestUser, query = "") {
  const connection = await connect(user, query);
  let asked = 0;
  const ask = async (event: string, data: unknown): Promise<Frame> => {
    const id = `r${++asked}`;
    connection.send({ type: "command", event, id, data });
    return connection.next((frame) => frame.id === id);
  };
  const hears = (data: unknown) =>
    connection.next((frame) => frame.event === "room_message" && frame.data?.data === data);
  const heard = (event: string) =>
    connection.frames.filter((frame) => frame.type === "event" && frame.event === event);
  return { ...connection, ask, hears, heard };
}

/** As many users of a tenant, each connected. */
export const guests = async (clientId: string, count: number) => {
  const users = await Promise.all(Array.from({ length: count }, () => createUserWithSession(clientId)));
  return Promise.all(users.map(async (user) => ({ user, ...(await guest(user)) })));
};
