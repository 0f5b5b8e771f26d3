/** The door of `recommendations`: what other rooms may import of it. */
export {};
