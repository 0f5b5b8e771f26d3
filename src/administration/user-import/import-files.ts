import { z } from "zod";
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
const fileName = (jobId: string, index: number) => `${folder(jobId)}${index}.json`;

/** Stores a job's rows, split so that none is read whole again. They hold passwords: `removeImportFiles` when done. */
export async function writeImportFiles(
  blobs: R2Bucket,
  jobId: string,
  rows: readonly ImportRow[],
  newId: () => string,
): Promise<void> {
  const files = Math.ceil(rows.length / rowsPerFile);
  const write = async (index: number) => {
    const part = rows.slice(index * rowsPerFile, (index + 1) * rowsPerFile);
    const waiting: WaitingRow[] = part.map((row) => ({ ...row, user_id: newId() }));
    await blobs.put(fileName(jobId, index), JSON.stringify(waiting));
  };
  for (let from = 0; from < files; from += atOnce) {
    const indexes = Array.from({ length: Math.min(atOnce, files - from) }, (_, offset) => from + offset);
    await Promise.all(indexes.map(write));
  }
}

/** The waiting rows from `nextRow` on, at most to the end of the object they lie in. */
export async function readImportRows(blobs: R2Bucket, jobId: string, nextRow: number): Promise<WaitingRow[]> {
  const file = await blobs.get(fileName(jobId, Math.floor(nextRow / rowsPerFile)));
  if (!file) throw new Error(`The rows of import ${jobId} from ${nextRow} on are not there`);
  return z
    .array(rowSchema)
    .parse(await file.json())
    .slice(nextRow % rowsPerFile);
}

/** Removes a job's rows. */
export async function removeImportFiles(blobs: R2Bucket, jobId: string): Promise<void> {
  const { objects } = await blobs.list({ prefix: folder(jobId) });
  if (objects.length > 0) await blobs.delete(objects.map(({ key }) => key));
}
