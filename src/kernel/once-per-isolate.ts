/** Makes something of a Worker's `env` once in an isolate. */
export function oncePerIsolate<E extends object, T extends object>(make: (env: E) => T): (env: E) => T {
  const made = new WeakMap<E, T>();
  return (env) => {
    const known = made.get(env);
    if (known) return known;
    const value = make(env);
    made.set(env, value);
    return value;
  };
}
