/** The hub's one alarm, which rings for whatever is to be done first. */
export class HubAlarm {
  readonly #storage: Pick<DurableObjectStorage, "getAlarm" | "setAlarm">;

  constructor(storage: Pick<DurableObjectStorage, "getAlarm" | "setAlarm">) {
    this.#storage = storage;
  }

  /** Has it ring by then. */
  async by(at: number): Promise<void> {
    const armed = await this.#storage.getAlarm();
    if (armed === null || armed > at) await this.#storage.setAlarm(at);
  }

  /** It has rung: has it ring next at a time, which may be never. */
  async setTo(next: number): Promise<void> {
    if (Number.isFinite(next)) await this.#storage.setAlarm(next);
  }
}
