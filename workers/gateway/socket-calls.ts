import { WorkerEntrypoint } from "cloudflare:workers";
import type { z } from "@hono/zod-openapi";
import {
  connectConversation,
  connectConversationOfTenant,
  getConversation,
  leaveToWrite,
  replyToConversation,
  sendMessage,
} from "#src/chat/index.ts";
import { getCustomer, getOrder } from "#src/commerce/index.ts";
import { assertLetIn } from "#src/identity/index.ts";
import { type Actor, isSignedIn, isTalker, personOf } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { errorCatalogue } from "#src/kernel/error-catalogue.ts";
import type { Outcome } from "#src/kernel/outcome.ts";
import { requireNotBanned } from "#src/moderation/index.ts";
import type { LogFields } from "#src/observability/logger.ts";
import type { Call, Operation } from "#src/operation/operation.ts";
import { perform, type RawInput } from "#src/operation/perform.ts";
import type { Platform } from "#src/platform.ts";
import { getProject } from "#src/projects/index.ts";
import {
  actorOf,
  type Caller,
  type GraphqlCallsApi,
  openingHeader,
  roomHearingSchema,
  type SocketCall,
  type SocketCallsApi,
} from "#src/realtime/index.ts";
import { executeInstance } from "#src/runs/index.ts";
import { assertVisitGoesOn } from "#src/visitors/index.ts";
import type { GatewayEnv } from "./env.ts";
import { graphqlLibrary } from "./graphql-library.ts";
import { workerCall } from "./worker-call.ts";

const offer =
  <I extends z.ZodObject, O extends z.ZodType, A extends Actor>(operation: Operation<I, O, A>) =>
  async (platform: Platform, actor: Actor, input: RawInput, call: Call): Promise<unknown> =>
    (await perform(operation, platform, actor, input, call)).output;

const readConversation = offer(getConversation);

/** A hub asks for whoever comes into the room of a conversation, and hears it there: nobody who is banned does. */
const hearConversation: typeof readConversation = async (platform, actor, ...asked) => {
  if (isTalker(actor)) await requireNotBanned(platform, personOf(actor));
  return readConversation(platform, actor, ...asked);
};

/** What is no operation, and reads its input itself. */
const readsOnly =
  (read: (platform: Platform, actor: Actor, input: Record<string, unknown>) => Promise<unknown>) =>
  async (platform: Platform, actor: Actor, input: RawInput): Promise<unknown> =>
    read(platform, actor, typeof input === "function" ? await input() : input);

/** What sockets may ask for: operations, and whether somebody may go on writing. */
const offered = {
  getProject: offer(getProject),
  getConversation: hearConversation,
  getOrder: offer(getOrder),
  getCustomer: offer(getCustomer),
  executeInstance: offer(executeInstance),
  sendMessage: offer(sendMessage),
  replyToConversation: offer(replyToConversation),
  leaveToWrite: readsOnly(leaveToWrite),
} satisfies Record<SocketCall["operation"], unknown>;

/**
 * What the gateway does for the tenants' hubs, by a service binding that no request from outside reaches: operations, for
 * whoever a socket was opened by, as if they had asked by REST or GraphQL.
 */
export class SocketCalls extends WorkerEntrypoint<GatewayEnv> implements SocketCallsApi, GraphqlCallsApi {
  perform({ operation, caller, input, idempotencyKey }: SocketCall): Promise<Outcome<unknown>> {
    const names = { what: "socket call", operation };
    return this.#answer(caller, names, async (platform, actor) => {
      // A hub of a later release may ask for more.
      if (!Object.hasOwn(offered, operation)) throw new AppError("UPSTREAM_UNAVAILABLE");
      return offered[operation](platform, actor, input, { idempotencyKey });
    });
  }

  /** Opens a socket at a conversation for whoever comes into its room: its owner's, or one of the staff's. */
  override async fetch(request: Request): Promise<Response> {
    const { caller, conversationId, since } = roomHearingSchema.parse(
      JSON.parse(request.headers.get(openingHeader) ?? "null"),
    );
    const input = {
      params: { conversation_id: conversationId },
      query: since === undefined ? {} : { since },
      body: { isUpgrade: true },
    };
    const outcome = await this.#answer(caller, { what: "socket of a room" }, async (platform, actor) => {
      try {
        return (await perform(connectConversation, platform, actor, input, {})).output;
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== "NOT_FOUND") throw error;
        return (await perform(connectConversationOfTenant, platform, actor, input, {})).output;
      }
    });
    return outcome.ok
      ? new Response(null, { status: 101, webSocket: outcome.value })
      : Response.json(outcome, { status: errorCatalogue[outcome.code].status });
  }

  beginGraphql({ caller, asked }: Parameters<GraphqlCallsApi["beginGraphql"]>[0]) {
    return this.#answer(caller, { what: "graphql by socket" }, async (platform, actor) => {
      await platform.limits?.take(actor, "read");
      const { beginGraphql } = await graphqlLibrary();
      return beginGraphql(platform, { ...actor, via: "graphql" }, asked, this.env.CACHE);
    });
  }

  tellGraphql({ caller, operation, happenings }: Parameters<GraphqlCallsApi["tellGraphql"]>[0]) {
    const names = { what: "graphql for events", happenings: happenings.length };
    return this.#answer(caller, names, async (platform, actor) => {
      const { tellGraphql } = await graphqlLibrary();
      return tellGraphql(platform, { ...actor, via: "graphql" }, operation, happenings);
    });
  }

  /** Answers for whoever has opened a socket, as long as they are let in. */
  #answer<T>(
    caller: Caller,
    names: LogFields & { what: string },
    work: (platform: Platform, actor: ReturnType<typeof actorOf>) => Promise<T>,
  ): Promise<Outcome<T>> {
    const whose = { ...names, user_id: caller.userId, client_id: caller.clientId };
    return workerCall(this.env, this.ctx, whose, async (platform) => {
      const actor = actorOf(caller, platform.settings.OPERATOR_CLIENT_ID);
      await (isSignedIn(actor) ? assertLetIn(platform, actor) : assertVisitGoesOn(platform, actor));
      return work(platform, actor);
    });
  }
}
