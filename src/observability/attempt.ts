import { errorFields, type Logger } from "./logger.ts";

/** What comes of asking something that may not answer: undefined then, and a line in the log. */
export async function attempt<T>(log: Logger, what: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    log.error(`${what} not healthy`, errorFields(error));
    return undefined;
  }
}
