/** The door of `agents`: what other rooms may import of it. */
export { adapterOfTask, mayBeImage } from "./adapter-of-task.ts";
export { makeImage } from "./make-image.ts";
export { performTask } from "./perform-task.ts";
export { searchWeb } from "./search-web.ts";
