/** The door of `search`: what other rooms may import of it. */
export { search } from "./search.ts";
