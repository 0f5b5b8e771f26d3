/** A task is not carried out because a person is to allow it first. Its object knows, so there is nothing to report. */
export class TaskAskedError extends Error {
  override name = "TaskAskedError";

  constructor() {
    super("A person is to allow this first");
  }
}
