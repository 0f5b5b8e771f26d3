import { OpenAPIHono } from "@hono/zod-openapi";
import { consolePages } from "./console.ts";
import type { GatewayContext } from "./context.ts";
import { documents } from "./documents.ts";
import { graphiqlPage } from "./graphiql.ts";
import { KnownPaths } from "./known-paths.ts";
import { handleError, handleNotFound } from "./middleware/error-handler.ts";
import { everyRequest } from "./middleware/every-request.ts";
import { methodNotAllowed } from "./middleware/method-not-allowed.ts";
import { meantPath } from "./older-paths.ts";
import { registerRoutes } from "./routes/index.ts";
import { widgetFiles } from "./widget.ts";

/** The gateway's Hono app: middleware in order, route groups, error handler, documents. */
export function createApp() {
  const app = new OpenAPIHono<GatewayContext>({ router: new KnownPaths(), getPath: meantPath });
  app.use(everyRequest);
  registerRoutes(app);
  documents(app);
  consolePages(app);
  graphiqlPage(app);
  widgetFiles(app);
  app.onError(handleError);
  app.notFound(methodNotAllowed(app, handleNotFound));
  return app;
}
