import type { PlatformEvent } from "#src/events/index.ts";
import type { HubSpread } from "./hub-spread.ts";
import type { TextsApi } from "./texts-api.ts";

/** A ticket with which a socket is opened; epoch milliseconds. */
export interface HubTicket {
  id: string;
  expiresAt: number;
}

/** The tenant's WebSocket hub: keeps sockets, not history. Upgrades arrive by `fetch`. */
export interface TenantHubApi extends TextsApi {
  /**
   * Hands events to the sockets that may and want to see them; says how many sockets there are at all.
   * Repeats and reordering across calls are harmless.
   * @param epoch of their log: sockets that have heard another one end, and are told so when they come again
   * @param isAfterGap whether some before them were never handed over, and are not in the log any more: whoever has not
   *   been shown those is told of the gap
   */
  publish(
    events: readonly PlatformEvent[],
    epoch?: string,
    isAfterGap?: boolean,
  ): Promise<{ sockets: number }>;
  /** Uses a ticket up; false when it has been, or has run out. All of a tenant are taken by its first hub. */
  useTicket(ticket: HubTicket): Promise<boolean>;
  /** Closes the sockets of ended sessions. */
  endSessions(sessionIds: readonly string[]): Promise<void>;
  /** Closes the sockets of a user who has lost a role or a permission. */
  endRights(userId: string): Promise<void>;
  /**
   * Closes the sockets that belong to another shard now; those who come again are led there.
   * @param shard which one this is
   */
  settle(shard: number, spread: HubSpread): Promise<void>;
  /** Tells those in a room, at this hub, what has been said there; the frame as it goes out. */
  tellRoom(room: string, frame: string): Promise<void>;
  /** Tells every socket of this hub. */
  tellTenant(frame: string): Promise<void>;
  /**
   * Tells those of this hub who see the tenant's figures that these have changed: at most once each 10 s, and again after
   * the last time.
   */
  tellFigures(clientId: string): Promise<void>;
  /** How many sockets are open at this hub. */
  openSockets(): Promise<number>;
  /** The users that are in a room by sockets of this hub. */
  usersIn(room: string): Promise<string[]>;
  /** Which of some users have a socket at this hub. */
  presentOf(userIds: readonly string[]): Promise<string[]>;
  /** Sends everybody out of a room at this hub: what it was the room of is gone. */
  endRoom(room: string): Promise<void>;
  /** Closes every socket of the tenant, which has been switched off. */
  endAll(): Promise<void>;
}
