import { OpenAPIHono } from "@hono/zod-openapi";
import { secureHeaders } from "hono/secure-headers";
import type { GatewayContext } from "./context.ts";
import { documents } from "./documents.ts";
import { crossOrigin } from "./middleware/cross-origin.ts";
import { deadline } from "./middleware/deadline.ts";
import { handleError, handleNotFound } from "./middleware/error-handler.ts";
import { methodNotAllowed } from "./middleware/method-not-allowed.ts";
import { requestContext } from "./middleware/request-context.ts";
import { registerRoutes } from "./routes/index.ts";

/** The gateway's Hono app: middleware in order, route groups, error handler, documents. */
export function createApp() {
  const app = new OpenAPIHono<GatewayContext>();
  app.use(requestContext);
  app.use(deadline());
  app.use(secureHeaders());
  app.use(crossOrigin);
  registerRoutes(app);
  documents(app);
  app.onError(handleError);
  app.notFound(methodNotAllowed(app, handleNotFound));
  return app;
}
