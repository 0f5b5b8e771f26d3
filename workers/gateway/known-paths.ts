import type { Result, Router } from "hono/router";
import { TrieRouter } from "hono/router/trie-router";

/**
 * Hono's router for patterns of every kind, which looks once for what serves a path without parameters; there are only
 * as many of these as there are routes. (Its quicker one takes no parameter beside a word, as in `/{id}` and `/search`.)
 */
export class KnownPaths<T> implements Router<T> {
  readonly name = "KnownPaths";
  readonly #patterns = new TrieRouter<T>();
  readonly #found = new Map<string, Map<string, Result<T> | undefined>>();

  add(method: string, path: string, handler: T): void {
    this.#patterns.add(method, path, handler);
    if (!/[:*]/.test(path)) this.#found.set(path, new Map());
  }

  match(method: string, path: string): Result<T> {
    const found = this.#found.get(path);
    const known = found?.get(method);
    if (known) return known;
    const result = this.#patterns.match(method, path);
    found?.set(method, result);
    return result;
  }
}
