import { z } from "@hono/zod-openapi";
import {
  getUserImport,
  importFormSchema,
  importJobSchema,
  importResultSchema,
  importUsers,
} from "#src/administration/index.ts";
import { jsonResponse } from "#src/http/openapi.ts";
import { importForm } from "../../import-form.ts";
import { json } from "../../rest/answer.ts";
import { get, post, restRouter } from "../../rest/table.ts";

/** `/admin/users/import`; stands before what lets only JSON through. */
export const userImport = restRouter("Administration: users", [
  post("/import", importUsers, "What became of the rows", {
    body: {
      documented: { required: true, content: { "multipart/form-data": { schema: importFormSchema } } },
      read: importForm,
    },
    responses: {
      200: jsonResponse("What became of the rows", importResultSchema),
      202: {
        ...jsonResponse("The job that takes them over", importJobSchema),
        headers: z.object({
          Location: z.string().openapi({ description: "Where the job's state is shown" }),
        }),
      },
    },
    answer: (c, { output }) => {
      if (!("job_id" in output)) return json(c, output);
      c.header("Location", `/api/v1/admin/users/import/${output.job_id}`);
      return json(c, output, 202);
    },
  }),
  get("/import/{job_id}", getUserImport, "The import"),
]);
