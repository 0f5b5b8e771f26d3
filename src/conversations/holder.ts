import type { HolderChange } from "#src/objects/holder-contract.ts";

/** Who answers in a conversation: the persona, nobody yet, or a person by their id. */
export type Holder = "persona" | "queue" | `user:${string}`;

/** What a conversation is, as far as its holder decides about it. */
export interface Held {
  holder: Holder;
  adminId: string | null;
  epoch: number;
}

/** The holder that a person is. */
export const heldBy = (id: string): Holder => `user:${id}`;
const isPersons = (holder: Holder): boolean => holder.startsWith("user:");

/** The id of the person who holds a conversation; undefined where none does. */
export const holderId = (holder: Holder): string | undefined => /^user:(.+)$/.exec(holder)?.[1];

/**
 * Who holds a conversation after a change; undefined where that is refused. Each change of the holder begins an epoch:
 * what was begun in the one before writes nothing any more.
 */
export function withChange(held: Held, change: HolderChange): Held | undefined {
  const next = holderAfter(held, change);
  if (next === undefined) return undefined;
  const { holder, adminId } = next;
  return { holder, adminId, epoch: holder === held.holder ? held.epoch : held.epoch + 1 };
}

function holderAfter({ holder, adminId }: Held, change: HolderChange): Omit<Held, "epoch"> | undefined {
  switch (change.action) {
    case "handover":
      return holder === "persona" ? { holder: "queue", adminId } : undefined;
    case "absence":
      return holder === heldBy(change.of) ? { holder: "queue", adminId: null } : undefined;
    case "take": {
      const mine = heldBy(change.by);
      const isOthers = isPersons(holder) && holder !== mine;
      return isOthers && !change.force ? undefined : { holder: mine, adminId: change.by };
    }
    case "assign":
      return change.keepPersona
        ? { holder, adminId: change.to }
        : { holder: heldBy(change.to), adminId: change.to };
    case "release":
      return holder === heldBy(change.by) ? { holder: "queue", adminId: null } : undefined;
    case "handBack": {
      const may = isPersons(holder) && (change.isAdmin || holder === heldBy(change.by));
      return may ? { holder: "persona", adminId: null } : undefined;
    }
  }
}

/** What a conversation's status is while somebody holds it; one that has ended stays so until somebody writes. */
export const statusUnder = (holder: Holder): "active" | "waiting" =>
  holder === "queue" ? "waiting" : "active";
