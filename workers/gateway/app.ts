import { cors } from "hono/cors";
import { secureHeaders } from "hono/secure-headers";
import { settingsOf } from "../../src/config.ts";
import { createRouter } from "../../src/http/openapi.ts";
import type { GatewayContext } from "./context.ts";
import { documents } from "./documents.ts";
import { handleError, handleNotFound } from "./middleware/error-handler.ts";
import { methodNotAllowed } from "./middleware/method-not-allowed.ts";
import { requestContext } from "./middleware/request-context.ts";
import { registerRoutes } from "./routes/index.ts";

/** The gateway's Hono app: middleware in order, route groups, error handler, documents. */
export function createApp() {
  const app = createRouter<GatewayContext>();
  app.use(requestContext);
  app.use(secureHeaders());
  app.use(
    cors({
      origin: (origin, c) => (settingsOf(c.env).ALLOWED_ORIGINS.includes(origin) ? origin : null),
      credentials: true,
      exposeHeaders: ["X-Request-ID", "Location", "Retry-After", "Idempotent-Replayed"],
      maxAge: 600,
    }),
  );
  registerRoutes(app);
  documents(app);
  app.onError(handleError);
  app.notFound(methodNotAllowed(app, handleNotFound));
  return app;
}
