import { z } from "@hono/zod-openapi";
import { reaches } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { findImportJob } from "./import-job-repository.ts";
import { importReport } from "./import-report.ts";
import { importJobSchema } from "./schemas.ts";

export const getUserImport = operation({
  name: "getUserImport",
  summary: "How far an import is, and what became of its rows; kept for 30 days after its end",
  input: z.object({ params: z.object({ job_id: z.uuid() }) }),
  output: importJobSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ db }, actor, { params }) => {
    const job = await findImportJob(db, params.job_id);
    if (!job || !reaches(actor, job.clientId)) throw new AppError("NOT_FOUND", { message: "No such import" });
    return importReport(db, job);
  },
});
