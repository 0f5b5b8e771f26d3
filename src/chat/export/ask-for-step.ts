import type { ExportMessage } from "#src/tasks/index.ts";

/** Where the steps of exports are asked for. */
export interface StepQueue {
  queues: { of(name: "exports"): { send(message: ExportMessage): Promise<unknown> } };
}

/** Has an export gone on with by the events Worker. */
export async function askForStep({ queues }: StepQueue, exportId: string): Promise<void> {
  await queues.of("exports").send({ type: "export.step", export_id: exportId });
}
