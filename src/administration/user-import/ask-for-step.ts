import type { UserImportMessage } from "#src/tasks/index.ts";

/** Where the steps of imports are asked for. */
export interface StepQueue {
  queues: { of(name: "user-imports"): { send(message: UserImportMessage): Promise<unknown> } };
}

/** Has an import gone on with by the events Worker. */
export async function askForStep({ queues }: StepQueue, jobId: string): Promise<void> {
  await queues.of("user-imports").send({ type: "user_import.step", job_id: jobId });
}
