import { z } from "zod";
import { openText, sealText } from "#src/kernel/sealed-text.ts";
import type { ImportJob } from "./import-job-repository.ts";
import type { ImportRow } from "./read-user-csv.ts";

/** Rows in one object: as many as are taken over at once. */
const rowsPerFile = 500;
/** Objects written at once; a Worker has six connections. */
const atOnce = 6;

const rowSchema = z.object({
  row: z.number().int(),
  user_id: z.string(),
  account: z
    .object({
      email: z.string(),
      password: z.string().optional(),
      first_name: z.string().optional(),
      last_name: z.string().optional(),
      company: z.string().optional(),
    })
    .optional(),
  error: z.string().optional(),
});

/** A row as it waits in R2, with the id that its account will have. */
export type WaitingRow = z.infer<typeof rowSchema>;

const folder = (jobId: string) => `imports/${jobId}/`;
const fileName = (jobId: string, index: number) => `${folder(jobId)}${index}.sealed`;

const keyOf = ({ id, rowsKey }: Pick<ImportJob, "id" | "rowsKey">): string => {
  if (rowsKey === null) throw new Error(`Import ${id} has ended; its rows cannot be read`);
  return rowsKey;
};

/** Stores a job's rows, split so that none is read whole again, and sealed because passwords are among them. */
export async function writeImportFiles(
  blobs: R2Bucket,
  job: Pick<ImportJob, "id" | "rowsKey">,
  rows: readonly ImportRow[],
  newId: () => string,
): Promise<void> {
  const key = keyOf(job);
  const files = Math.ceil(rows.length / rowsPerFile);
  const write = async (index: number) => {
    const part = rows.slice(index * rowsPerFile, (index + 1) * rowsPerFile);
    const waiting: WaitingRow[] = part.map((row) => ({ ...row, user_id: newId() }));
    const name = fileName(job.id, index);
    await blobs.put(name, await sealText(key, name, JSON.stringify(waiting)));
  };
  for (let from = 0; from < files; from += atOnce) {
    const indexes = Array.from({ length: Math.min(atOnce, files - from) }, (_, offset) => from + offset);
    await Promise.all(indexes.map(write));
  }
}

/** The waiting rows from `nextRow` on, at most to the end of the object they lie in. */
export async function readImportRows(
  blobs: R2Bucket,
  job: Pick<ImportJob, "id" | "rowsKey" | "nextRow">,
): Promise<WaitingRow[]> {
  const name = fileName(job.id, Math.floor(job.nextRow / rowsPerFile));
  const file = await blobs.get(name);
  if (!file) throw new Error(`The rows of import ${job.id} from ${job.nextRow} on are not there`);
  const text = await openText(keyOf(job), name, await file.arrayBuffer());
  return z
    .array(rowSchema)
    .parse(JSON.parse(text))
    .slice(job.nextRow % rowsPerFile);
}

/** Removes a job's rows. */
export async function removeImportFiles(blobs: R2Bucket, jobId: string): Promise<void> {
  const { objects } = await blobs.list({ prefix: folder(jobId) });
  if (objects.length > 0) await blobs.delete(objects.map(({ key }) => key));
}
