/** The door of `jobs`: what other rooms may import of it. */
export { type Job, runFreeJobs } from "./run-free-jobs.ts";
