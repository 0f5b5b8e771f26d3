/**
 * Whether anybody listens at the tenant's hub. While nobody does, nothing is
 * handed to it: the log has everything, and whoever connects is heard of first.
 */
export class Audience {
  /** A new instance of the object does not know, so it asks. */
  #isPresent = true;
  #arrivals = 0;

  get isPresent(): boolean {
    return this.#isPresent;
  }

  /** A socket has been opened. */
  arrived(): void {
    this.#isPresent = true;
    this.#arrivals++;
  }

  /** Hands over what `publish` does, unless nobody would hear it. */
  async tell(publish: () => Promise<{ sockets: number }>): Promise<void> {
    if (!this.#isPresent) return;
    const arrivals = this.#arrivals;
    const { sockets } = await publish();
    // Somebody who came meanwhile may not have been counted.
    if (sockets === 0 && arrivals === this.#arrivals) this.#isPresent = false;
  }
}
