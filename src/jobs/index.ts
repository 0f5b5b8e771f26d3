/** The door of `jobs`: what other rooms may import of it. */
export { allJobs, type JobRow } from "./job-repository.ts";
export { type Job, runFreeJobs } from "./run-free-jobs.ts";
