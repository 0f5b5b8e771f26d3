import { type Extent, resumeAt } from "#src/events/index.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { errorCatalogue } from "#src/kernel/error-catalogue.ts";
import type { Refusal } from "#src/kernel/outcome.ts";
import type { EventsApi } from "#src/objects/events-api.ts";
import {
  closeCodes,
  type GraphqlAsked,
  type GraphqlBegun,
  type GraphqlCallsApi,
  graphqlStep,
  maxGraphqlFrameBytes,
  maxGraphqlOperations,
  maxVariablesBytes,
} from "#src/realtime/index.ts";
import { Flood } from "../flood.ts";
import { frameOf } from "./frame.ts";
import type { GraphqlDocuments } from "./graphql-documents.ts";
import { isSessionOver } from "./graphql-executions.ts";
import type { Following, Operation } from "./graphql-following.ts";
import type { GraphqlSocket } from "./graphql-socket.ts";

interface Parts {
  gateway: Pick<GraphqlCallsApi, "beginGraphql">;
  documents: Pick<GraphqlDocuments, "keep">;
  logOf(socket: GraphqlSocket): Pick<EventsApi, "readEvents">;
  /** Has a subscription told what happens. */
  goOn(socket: GraphqlSocket, following: Following): void;
  /** A client has taken what it was sent: there is room again. */
  hasRoom(socket: GraphqlSocket): void;
}

const isTooLong = (message: string | ArrayBuffer): boolean =>
  typeof message === "string" &&
  (message.length > maxGraphqlFrameBytes || frameOf(message).bytes > maxGraphqlFrameBytes);

/** Does what a client of GraphQL says (docs/graphql.md#over-a-websocket). */
export class GraphqlCommands {
  readonly #parts: Parts;
  readonly #flood = new Flood({});

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async hear(socket: GraphqlSocket, message: string | ArrayBuffer): Promise<void> {
    if (isTooLong(message)) return socket.end(closeCodes.tooBig, "Message too large");
    const step = graphqlStep(socket, message);
    // An answer to our own question costs nothing.
    if (step.act === "taken" && socket.taken(step.question)) return this.#parts.hasRoom(socket);
    if (!this.#flood.admits(socket, undefined, Date.now())) return socket.close("flood");
    switch (step.act) {
      case "close":
        return socket.close(step.end);
      case "acknowledge":
        return this.#acknowledge(socket);
      case "pong":
        return socket.say({ type: "pong", ...(step.payload && { payload: step.payload }) });
      case "taken":
        return;
      case "end":
        return socket.drop(step.id);
      case "refuse":
        return refuse(socket, step.id, { ok: false, code: "VALIDATION_ERROR", message: step.message });
      case "begin":
        return this.#begin(socket, step.id, step.asked);
    }
  }

  /** Says up to where the log goes, from which a subscription can go on. */
  async #acknowledge(socket: GraphqlSocket): Promise<void> {
    socket.begin();
    const { latest, epoch } = await this.#endOf(socket);
    if (socket.isOpen) socket.acknowledge({ seq: latest, epoch });
  }

  async #begin(socket: GraphqlSocket, id: string, asked: GraphqlAsked): Promise<void> {
    const operation = socket.open(id);
    if (!operation) return refuse(socket, id, tooMuch(`At most ${maxGraphqlOperations} operations, 16 KB`));
    // Where a subscription begins is looked up before it is looked at: what happens meanwhile is told.
    const mayFollow = asked.query.includes("subscription");
    const [outcome, end] = await Promise.all([
      this.#parts.gateway.beginGraphql({ caller: socket.caller, asked }),
      mayFollow ? this.#endOf(socket) : undefined,
    ]);
    if (!socket.isCurrent(operation)) return;
    if (!outcome.ok && isSessionOver(outcome)) return socket.close("sessionEnded");
    if (!outcome.ok) return refuse(socket, id, outcome);
    const begun = outcome.value;
    if (begun.kind === "follow" && end) return this.#follow(socket, operation, begun, end);
    if (begun.kind === "errors") {
      socket.drop(id);
      return socket.say({ type: "error", id, payload: JSON.parse(begun.errors) });
    }
    if (begun.kind === "follow") return refuse(socket, id, { ok: false, code: "INTERNAL_ERROR" });
    await socket.inTurn(() => socket.tell(id, frameOf(begun.result)));
    if (!socket.isCurrent(operation)) return;
    socket.drop(id);
    socket.say({ type: "complete", id });
  }

  #follow(
    socket: GraphqlSocket,
    operation: Operation,
    { wants, since, isShared, operation: { document, name, variables } }: GraphqlBegun & { kind: "follow" },
    end: Extent,
  ): void {
    const { id } = operation;
    if (frameOf(JSON.stringify(variables ?? {})).bytes > maxVariablesBytes) {
      refuse(socket, id, tooMuch(`Variables of at most ${maxVariablesBytes} bytes`));
      return;
    }
    const digest = this.#parts.documents.keep(document, Date.now());
    // A run is told from its beginning, whatever is kept of it; anything else from now on.
    const from = wants.run ? resumeAt({ seq: 0 }, end).after : end.latest;
    const place = since === undefined ? { seq: from, epoch: end.epoch } : { seq: since };
    const followed = { digest, name, variables, wants, isShared, ...place, isBehind: true };
    const following = socket.follow(operation, followed);
    if (following) this.#parts.goOn(socket, following);
    else refuse(socket, id, tooMuch("All subscriptions of a connection: 16 KB"));
  }

  /** An operation was being carried out when the hub went: nobody can tell what has become of it. */
  lost(socket: GraphqlSocket, id: string): void {
    refuse(socket, id, { ok: false, code: "UPSTREAM_UNAVAILABLE" });
  }

  async #endOf(socket: GraphqlSocket): Promise<Extent> {
    // Nothing comes after the last that there can be: only where the log ends is asked.
    const { events: _, ...extent } = await this.#parts
      .logOf(socket)
      .readEvents({ since: Number.MAX_SAFE_INTEGER, limit: 1 });
    return extent;
  }
}

const tooMuch = (message: string): Refusal => ({ ok: false, code: "LIMIT_EXCEEDED", message });

/** An operation is not carried out; the socket stays. */
function refuse(socket: GraphqlSocket, id: string, { code, message, details }: Refusal): void {
  socket.drop(id);
  const error = new AppError(code, { message, details });
  const { status } = errorCatalogue[code];
  const extensions = { code, status, ...(details === undefined ? {} : { details }) };
  socket.say({ type: "error", id, payload: [{ message: error.message, extensions }] });
}
