import { matchesAny } from "#client/patterns.ts";

/** What a connection wants to hear: events whose names fit a pattern, of everything or of one thing. */
export interface Subscription {
  pattern: string;
  /** The run, or other thing, that they are about; null for all. */
  entityId: string | null;
}

/** What an event is about, as far as subscriptions ask. */
interface Subject {
  event: string;
  entity_id: string;
}

/** The things of which events of one name are wanted; null among them stands for all. */
type Wanted = ReadonlySet<string | null>;

/** A connection's subscriptions; never changed, so what they say of an event's name is worked out once. */
export class Subscriptions {
  readonly all: readonly Subscription[];
  readonly #wanted = new Map<string, Wanted>();

  constructor(all: readonly Subscription[]) {
    this.all = all;
  }

  with(patterns: readonly string[], entityId: string | null): Subscriptions {
    const had = new Set(this.of(entityId));
    const added = new Set(patterns.filter((pattern) => !had.has(pattern)));
    return new Subscriptions([...this.all, ...[...added].map((pattern) => ({ pattern, entityId }))]);
  }

  without(patterns: readonly string[], entityId: string | null): Subscriptions {
    return new Subscriptions(
      this.all.filter((one) => one.entityId !== entityId || !patterns.includes(one.pattern)),
    );
  }

  /** The patterns that are wanted of one thing alone, or of everything. */
  of(entityId: string | null): string[] {
    return this.all.flatMap((one) => (one.entityId === entityId ? [one.pattern] : []));
  }

  /** The things that are watched, each with its patterns. */
  get watched(): { entity_id: string; events: string[] }[] {
    const ids = new Set(this.all.flatMap(({ entityId }) => entityId ?? []));
    return [...ids].map((id) => ({ entity_id: id, events: this.of(id) }));
  }

  fits({ event, entity_id }: Subject): boolean {
    const wanted = this.#wanted.get(event) ?? this.#workOut(event);
    return wanted.has(null) || wanted.has(entity_id);
  }

  #workOut(event: string): Wanted {
    const fitting = this.all.filter(({ pattern }) => matchesAny([pattern], event));
    const wanted = new Set(fitting.map(({ entityId }) => entityId));
    this.#wanted.set(event, wanted);
    return wanted;
  }
}
