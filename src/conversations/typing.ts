/** So long somebody is taken to be typing after they last said so; milliseconds. */
export const typingMs = 6000;

/** Who says it more often is not heard. */
const oftenMs = 2000;

interface Said {
  at: number;
  isTyping: boolean;
}

/** Who is typing: known while the conversation is awake, and never written down. Times in epoch milliseconds. */
export class Typing {
  readonly #said = new Map<string, Said>();

  /** @returns whether the others are to be told */
  says(personId: string, isTyping: boolean, now: number): boolean {
    const before = this.#said.get(personId);
    if (isTyping) {
      const isSoon = before !== undefined && now >= before.at && now - before.at < oftenMs;
      if (!isSoon) this.#said.set(personId, { at: now, isTyping });
      return !isSoon;
    }
    if (!before?.isTyping) return false;
    before.isTyping = false;
    return true;
  }

  /** Somebody who has not said it again for so long types no longer. @returns whether the others are to be told */
  ends(personId: string, now: number): boolean {
    const before = this.#said.get(personId);
    if (!before || now - before.at < typingMs) return false;
    this.#said.delete(personId);
    return before.isTyping;
  }
}
