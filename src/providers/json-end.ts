const codes = { quote: 0x22, backslash: 0x5c, openers: [0x7b, 0x5b], closers: [0x7d, 0x5d] } as const;

/**
 * Finds the end of a JSON object or array in bytes that come in pieces, so that an answer is
 * known to be whole without waiting for its connection to end. Each byte is looked at once.
 */
export class JsonEnd {
  #depth = 0;
  #isInString = false;
  #isEscaped = false;

  /**
   * Looks at the next piece.
   * @returns how many of its bytes belong to the value when it ends here; undefined when it goes on
   */
  endIn(piece: Uint8Array): number | undefined {
    for (let at = 0; at < piece.length; at++) {
      if (this.#isInString) {
        at = this.#throughString(piece, at);
        continue;
      }
      const byte = piece[at];
      if (byte === codes.quote) this.#isInString = true;
      else if (byte === codes.openers[0] || byte === codes.openers[1]) this.#depth++;
      else if (byte === codes.closers[0] || byte === codes.closers[1]) {
        this.#depth--;
        if (this.#depth === 0) return at + 1;
      }
    }
    return undefined;
  }

  /** Goes on to the end of the string, or of the piece; a picture is one long string. */
  #throughString(piece: Uint8Array, from: number): number {
    let at = from;
    if (this.#isEscaped) {
      this.#isEscaped = false;
      at++;
    }
    for (;;) {
      const quote = piece.indexOf(codes.quote, at);
      const end = quote === -1 ? piece.length : quote;
      let escapes = 0;
      while (end - 1 - escapes >= at && piece[end - 1 - escapes] === codes.backslash) escapes++;
      const isEscaped = escapes % 2 === 1;
      if (quote === -1) {
        this.#isEscaped = isEscaped;
        return end;
      }
      if (!isEscaped) {
        this.#isInString = false;
        return quote;
      }
      at = quote + 1;
    }
  }
}
