import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { type components, dataOf } from "#client/index.ts";
import { api } from "../session/client.ts";

type Schemas = components["schemas"];
export type Conversation = Schemas["Conversation"];
/** One of a list; the staff is told how many messages of it a rule has marked as well. */
export type ListedConversation = Omit<Schemas["ListedConversation"], "muted"> & { flagged?: number };
export type Message = Schemas["Message"];

/** Whose eyes a conversation is seen with: its owner's, or those of the tenant's staff. */
export type Side = "own" | "staff";

/** A conversation with what was said in it. */
export interface Thread {
  conversation: Conversation;
  messages: Message[];
}

const limit = 50;
/** Messages of a thread that are shown. */
const shownMessages = 100;

const pages = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ next_cursor }: { next_cursor: string | null }) => next_cursor ?? undefined,
  placeholderData: keepPreviousData,
  refetchInterval: 15_000,
};

export const ownConversationsQuery = infiniteQueryOptions({
  queryKey: ["conversations", "own"],
  queryFn: async ({ pageParam: cursor, signal }) =>
    dataOf(await api.GET("/api/v1/conversations", { params: { query: { limit, cursor } }, signal })),
  ...pages,
});

/** What the staff looks for among the conversations of the tenant; all of it holds together. */
export interface StaffFilter {
  /** Words that a message has. */
  q?: string;
  status?: Conversation["status"];
  holder?: "persona" | "queue" | "user";
  unread?: "true" | "false";
  flagged?: "true" | "false";
  sort?: "last_message_at" | "started_at";
  user_id?: string;
  admin_id?: string;
  instance_id?: string;
  start_date?: string;
  end_date?: string;
}

export const staffConversationsQuery = (filter: StaffFilter) =>
  infiniteQueryOptions({
    queryKey: ["conversations", "staff", filter],
    queryFn: async ({ pageParam: cursor, signal }) =>
      dataOf(
        await api.GET("/api/v1/admin/conversations", {
          params: { query: { ...filter, limit, cursor } },
          signal,
        }),
      ),
    ...pages,
  });

export const threadQuery = (side: Side, conversation_id: string) =>
  queryOptions({
    queryKey: ["thread", side, conversation_id],
    queryFn: async ({ signal }): Promise<Thread> => {
      const params = { path: { conversation_id } };
      if (side === "staff")
        return dataOf(await api.GET("/api/v1/admin/conversations/{conversation_id}", { params, signal }));
      const [conversation, list] = await Promise.all([
        api.GET("/api/v1/conversations/{conversation_id}", { params, signal }),
        api.GET("/api/v1/conversations/{conversation_id}/messages", {
          params: { ...params, query: { limit: shownMessages } },
          signal,
        }),
      ]);
      return { conversation: dataOf(conversation), messages: dataOf(list).messages };
    },
  });

/** Where a conversation is heard, by each side. */
export const eventsOf = (side: Side, id: string): string =>
  side === "own" ? `/api/v1/conversations/${id}/events` : `/api/v1/admin/conversations/${id}/events`;

/** Says something, once however often it is sent. @throws PersonaError */
export async function say(side: Side, conversation_id: string, content: string): Promise<void> {
  const params = { path: { conversation_id } };
  const body = { client_message_id: crypto.randomUUID(), content };
  if (side === "own")
    dataOf(await api.POST("/api/v1/conversations/{conversation_id}/messages", { params, body }));
  else dataOf(await api.POST("/api/v1/admin/conversations/{conversation_id}/messages", { params, body }));
}

/** Has the list count nothing of a conversation as unread, or count it again. @throws PersonaError */
export const mute = async (conversation_id: string, muted: boolean) =>
  dataOf(
    await api.PUT("/api/v1/conversations/{conversation_id}/receipts", {
      params: { path: { conversation_id } },
      body: { muted },
    }),
  ).muted;

/** @throws PersonaError */
export async function stopAnswer(conversation_id: string): Promise<void> {
  dataOf(
    await api.POST("/api/v1/conversations/{conversation_id}/stop", { params: { path: { conversation_id } } }),
  );
}

/** Takes a conversation; from a person only with `force`. @throws PersonaError */
export async function take({ id, holder_epoch }: Conversation, force: boolean): Promise<void> {
  dataOf(
    await api.POST("/api/v1/admin/conversations/{conversation_id}/take", {
      params: { path: { conversation_id: id } },
      body: { force, if_epoch: holder_epoch },
    }),
  );
}

/** Gives a conversation back: to the persona, or to whoever is free. @throws PersonaError */
export async function giveBack({ id }: Conversation, to: "persona" | "queue"): Promise<void> {
  const params = { path: { conversation_id: id } };
  if (to === "persona")
    dataOf(await api.POST("/api/v1/admin/conversations/{conversation_id}/hand-back", { params, body: {} }));
  else dataOf(await api.POST("/api/v1/admin/conversations/{conversation_id}/release", { params, body: {} }));
}

/** @throws PersonaError */
export async function askForPerson(conversation_id: string): Promise<void> {
  dataOf(
    await api.POST("/api/v1/conversations/{conversation_id}/handover", {
      params: { path: { conversation_id } },
      body: {},
    }),
  );
}
