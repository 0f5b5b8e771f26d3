import { z } from "@hono/zod-openapi";
import { bodyLimit } from "hono/body-limit";
import { reportImport } from "#src/administration/user-import/report-import.ts";
import {
  importFormSchema,
  importJobSchema,
  importResultSchema,
  maxImportBytes,
} from "#src/administration/user-import/schemas.ts";
import { startImport } from "#src/administration/user-import/start-import.ts";
import { database } from "#src/db/client.ts";
import { errorResponses } from "#src/http/error-response.ts";
import { createRouter, jsonResponse } from "#src/http/openapi.ts";
import { createRoute } from "#src/http/route.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { GatewayContext } from "../../context.ts";
import { deliverEventsLater } from "../../event-delivery.ts";
import { deviceOf } from "../../identity-context.ts";
import { idempotent } from "../../middleware/idempotent.ts";
import { carryOn, importContext } from "../../user-imports.ts";
import { acting, refusals } from "./user-shared.ts";

/** What a multipart body adds to the file. */
const maxBodyBytes = maxImportBytes + 16 * 1024;

const tooLarge = () => new AppError("PAYLOAD_TOO_LARGE", { details: { max_bytes: maxImportBytes } });

const start = createRoute({
  ...acting,
  middleware: [
    ...acting.middleware,
    bodyLimit({
      maxSize: maxBodyBytes,
      onError: () => {
        throw tooLarge();
      },
    }),
    idempotent,
  ] as const,
  method: "post",
  path: "/import",
  operationId: "importUsers",
  summary: "Make accounts from a CSV file of at most 10 MB and 50 000 rows",
  description:
    "The first row names the columns: `email` and, if wanted, `password`, `first_name`, `last_name`, `company`; " +
    "others are ignored. A row that cannot be taken over is reported and stops no other. An account without a " +
    "password cannot be signed in to until its owner, who is mailed a token, has chosen one. Small files (up to " +
    "100 rows, 10 passwords) are taken over at once; larger ones by a job, whose state `Location` shows.",
  request: { body: { required: true, content: { "multipart/form-data": { schema: importFormSchema } } } },
  responses: {
    200: jsonResponse("What became of the rows", importResultSchema),
    202: {
      ...jsonResponse("The job that takes them over", importJobSchema),
      headers: z.object({ Location: z.string().openapi({ description: "Where the job's state is shown" }) }),
    },
    ...errorResponses(...refusals, "BAD_REQUEST", "NOT_FOUND", "PAYLOAD_TOO_LARGE"),
  },
});

const report = createRoute({
  ...acting,
  method: "get",
  path: "/import/{job_id}",
  operationId: "getUserImport",
  summary: "How far an import is, and what became of its rows; kept for 30 days after its end",
  request: { params: z.object({ job_id: z.uuid() }) },
  responses: {
    200: jsonResponse("The import", importJobSchema),
    ...errorResponses(...refusals, "NOT_FOUND"),
  },
});

/** `/admin/users/import`; stands before what lets only JSON through. */
export const userImport = createRouter<GatewayContext>()
  .openapi(start, async (c) => {
    const { file, client_id: clientId } = c.req.valid("form");
    if (file.size > maxImportBytes) throw tooLarge();
    const { actor, logger } = c.var;
    const { jobId, taken } = await startImport(importContext(c.env, logger), actor, {
      file: await file.arrayBuffer(),
      clientId,
      device: deviceOf(c),
      carryOn: carryOn(c.env),
    });
    const job = await reportImport(database(c.env.DB), actor, jobId);
    if (!taken) return c.json(job, 202, { Location: `/api/v1/admin/users/import/${jobId}` });
    deliverEventsLater(c, clientId);
    const { total_processed, successful, failed, errors, created_user_ids } = job;
    return c.json({ total_processed, successful, failed, errors, created_user_ids }, 200);
  })
  .openapi(report, async (c) =>
    c.json(await reportImport(database(c.env.DB), c.var.actor, c.req.valid("param").job_id), 200),
  );
