import type { z } from "zod";

/**
 * Who may see an event besides the user whose it is: nobody at all (`person`); nobody but administrators (`owner`); those
 * who may read others' accounts (`staff`), their subscriptions (`billing`), or their conversations (`handlers`), as well;
 * everybody in the `tenant`. What happens in `commerce` is nobody's own: who may read it hears it. One of a `connection` is
 * that one's alone, and no log keeps it.
 */
export type Audience =
  | "person"
  | "owner"
  | "staff"
  | "billing"
  | "handlers"
  | "commerce"
  | "tenant"
  | "connection";

/** What an event is about; order is kept for each of them. */
type Entity =
  | "user"
  | "instance"
  | "run"
  | "tenant"
  | "webhook"
  | "conversation"
  | "order"
  | "product"
  | "customer"
  | "trigger"
  | "connection";

/** Whether webhooks carry it (docs/webhooks.md#events); if so, data that it may have, as documents and tests of receivers show it. */
type Carried<Data extends z.ZodType> =
  | { webhooks: true; sample: z.input<Data> }
  | { webhooks: false; sample?: undefined };

/** What stands in the catalogue about an event. */
export type EventEntry<Data extends z.ZodType = z.ZodType> = Carried<Data> & {
  /** When it happens: a sentence for whoever listens. */
  about: string;
  entity: Entity;
  seenBy: Audience;
  /** Whether it only passes by, to who listens: no log keeps it, and it has no number. */
  passes?: true;
  data: Data;
};

/** An entry, of which TypeScript remembers the exact shape of the data. */
export const entry = <Data extends z.ZodType>(of: EventEntry<Data>): EventEntry<Data> => of;
