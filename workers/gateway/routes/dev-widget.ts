import { OpenAPIHono } from "@hono/zod-openapi";
import { html } from "hono/html";
import { AppError } from "#src/kernel/app-error.ts";
import { settingsOf } from "#src/kernel/config.ts";
import { widgetKeyFor } from "#src/widgets/index.ts";
import type { GatewayContext } from "../context.ts";
import { loopbackOnly } from "../middleware/loopback-only.ts";

/** A page with a widget on it, as somebody else's would be; in production this path does not exist. Not part of the API document. */
export const devWidget = new OpenAPIHono<GatewayContext>();

/** As strict as a page may be that shows the widget. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

devWidget.get("/dev/widget", loopbackOnly, async (c) => {
  if (settingsOf(c.env).ENVIRONMENT !== "development") throw new AppError("NOT_FOUND");
  c.header("Content-Security-Policy", policy);
  const { origin } = new URL(c.req.url);
  const key = c.req.query("key") ?? (await widgetKeyFor(c.get("platform"), origin)) ?? "";
  return c.html(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>A page with a widget</title>
          <script type="module" src="/widget/v1.js"></script>
        </head>
        <body>
          <main>
            <h1>A page with a widget</h1>
            <p>The persona is in the corner.</p>
          </main>
          <persona-chat widget="${key}"></persona-chat>
        </body>
      </html>`,
  );
});
