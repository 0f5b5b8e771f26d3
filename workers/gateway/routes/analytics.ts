import { getShopDashboard } from "#src/commerce/index.ts";
import { jsonResponse } from "#src/http/openapi.ts";
import { analyticsAnswerSchema, askAnalytics, getAnalyticsCatalogue } from "#src/questions/index.ts";
import { acceptedRunSchema, addressOfRun } from "#src/runs/index.ts";
import { json } from "../rest/answer.ts";
import { get, post, restRouter } from "../rest/table.ts";

export const analytics = restRouter("Commerce: figures", [
  get("/dashboard", getShopDashboard, "The figures"),
  get("/catalogue", getAnalyticsCatalogue, "Data sets"),
  post("/query", askAnalytics, "The answer", {
    responses: {
      200: jsonResponse("The answer", analyticsAnswerSchema),
      202: jsonResponse("Accepted: the run answers", acceptedRunSchema),
    },
    answer: (c, { output }) => {
      if (!("events_url" in output)) return json(c, output);
      c.header("Location", addressOfRun(output.correlation_id));
      return json(c, output, 202);
    },
  }),
]);
