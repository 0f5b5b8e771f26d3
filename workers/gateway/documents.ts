import type { OpenAPIHono } from "@hono/zod-openapi";
import { Scalar } from "@scalar/hono-api-reference";
import { secureHeaders } from "hono/secure-headers";
import { conversationSocket } from "#src/chat/index.ts";
import { eventDocument } from "#src/realtime/index.ts";
import packageJson from "../../package.json" with { type: "json" };
import type { GatewayContext } from "./context.ts";
import { completeDocument } from "./document/complete.ts";
import { rateLimitHeaders } from "./document/rate-limit-headers.ts";
import { addSharedRefusals } from "./document/shared-refusals.ts";
import { tags } from "./document/tags.ts";
import { webhooksOfDocument } from "./document/webhooks.ts";

const description = {
  openapi: "3.1.0",
  info: {
    title: "Persona platform",
    version: packageJson.version,
    description: [
      "Multi-tenant platform for AI personas. Errors have one shape; times are ISO 8601 UTC.",
      "To try it here: send `POST /api/v1/auth/login` with the example that is filled in (the demo account), copy",
      "`access_token` from the answer, and put it into *Authentication* as the bearer token.",
    ].join("\n"),
    license: { name: "MIT", identifier: "MIT" },
    contact: { name: "The operator of this platform" },
  },
  tags,
  servers: [{ url: "/" }],
};

/** The OpenAPI 3.1 document, from the schemas that validate. */
export function openApiDocument(app: OpenAPIHono<GatewayContext>) {
  const document = app.getOpenAPI31Document(description);
  addSharedRefusals(document.paths ?? {});
  document.webhooks = webhooksOfDocument();
  completeDocument(document);
  return document;
}

/** Whatever the page's script would fetch, the browser lets it ask this origin only. */
const onlyFromHere = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'self'"],
    scriptSrc: ["'self'", "'unsafe-inline'", "'unsafe-eval'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", "data:", "blob:"],
    fontSrc: ["'self'", "data:"],
    workerSrc: ["'self'", "blob:"],
    connectSrc: ["'self'"],
  },
});

/** `/openapi.json`, `/api/events.json` and the reference page; the page's script is served from our own assets. */
export function documents(app: OpenAPIHono<GatewayContext>): void {
  app.openAPIRegistry.registerComponent("securitySchemes", "bearer", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "`access_token` of `POST /api/v1/auth/login`",
  });
  for (const [name, { type, ...header }] of Object.entries(rateLimitHeaders))
    app.openAPIRegistry.registerComponent("headers", name, { ...header, schema: { type } });
  app.get("/openapi.json", (c) => c.json(openApiDocument(app)));
  app.get("/api/events.json", (c) => c.json(eventDocument(packageJson.version, [conversationSocket])));
  app.get(
    "/api/docs",
    onlyFromHere,
    Scalar({
      url: "/openapi.json",
      cdn: "/assets/api-reference.js",
      pageTitle: "Persona platform API",
      authentication: { preferredSecurityScheme: "bearer" },
      persistAuth: true,
      // Nothing is asked of other hosts, and nothing is shown that leads to its maker's.
      withDefaultFonts: false,
      telemetry: false,
      hideClientButton: true,
      showDeveloperTools: "never",
      agent: { disabled: true },
      mcp: { disabled: true },
      customCss: 'a[href*="scalar.com"] { display: none }',
    }),
  );
  app.get("/", (c) => c.redirect("/api/docs"));
  app.get("/swagger", (c) => c.redirect("/api/docs"));
  app.get("/swagger/*", (c) => c.redirect("/api/docs"));
  app.get("/assets/*", async (c) => {
    const asset = await c.env.ASSETS.fetch(c.req.raw);
    // A copy, since the headers of an answer from elsewhere cannot be changed.
    return new Response(asset.body, asset);
  });
}
