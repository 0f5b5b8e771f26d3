import { z } from "@hono/zod-openapi";
import { generateCookie, getCookie } from "hono/cookie";
import { createMiddleware } from "hono/factory";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { refreshSchema, type TokenResponse } from "#src/identity/index.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { settingsOf } from "#src/kernel/config.ts";
import type { GatewayContext, GatewayRequest } from "../context.ts";
import { json } from "./answer.ts";
import { requireExactJson } from "./exact-json.ts";
import { jsonOf } from "./input.ts";
import type { Offer } from "./offer.ts";

/**
 * Sessions of pages of the gateway's own origin (docs/accounts.md#signing-in-from-a-page): their refresh token is in a
 * cookie that no script reads. Only what trades or ends it looks at the cookie; everything else wants a bearer token.
 */
const requestHeaders = z.object({
  "X-Session": z
    .literal("cookie")
    .optional()
    .openapi({
      param: {
        description:
          "For pages of the platform's own origin: the refresh token is kept in a cookie, and not told in the answer",
      },
    }),
});

const usesCookie = (c: GatewayRequest): boolean => c.req.header("x-session") === "cookie";

/** Forms cannot send the header above; what browsers say of where a call comes from has to fit as well. */
function assertOwnPage(c: GatewayRequest): void {
  const { origin } = new URL(c.req.url);
  const site = c.req.header("sec-fetch-site") ?? "same-origin";
  if (site !== "same-origin" || (c.req.header("origin") ?? origin) !== origin)
    throw new AppError("INSUFFICIENT_PERMISSIONS", { message: "Cookies are for the platform's own pages" });
}

/** Prefixed, so that no page without TLS can set one. */
const cookieOf = (value: string, maxAge: number): string =>
  generateCookie("refresh", value, {
    prefix: "secure",
    httpOnly: true,
    sameSite: "Strict",
    path: "/api/v1/auth",
    maxAge,
  });

function withCookie(answer: Response, value: string, maxAge: number): Response {
  answer.headers.append("Set-Cookie", cookieOf(value, maxAge));
  answer.headers.set("Cache-Control", "no-store");
  return answer;
}

/** Refuses what asks for a cookie from elsewhere, before anything is done. */
const ownPagesOnly = createMiddleware<GatewayContext>(async (c, next) => {
  if (usesCookie(c)) assertOwnPage(c);
  await next();
});

/** Answers with tokens: those of a page without the refresh token, which goes into its cookie. */
function tokensAnswer(c: GatewayRequest, output: TokenResponse, status: ContentfulStatusCode): Response {
  if (!usesCookie(c)) return json(c, output, status);
  const { refresh_token, ...shown } = output;
  return withCookie(json(c, shown, status), refresh_token ?? "", settingsOf(c.env).REFRESH_TOKEN_SECONDS);
}

/** What is offered to pages as well. */
const toPages = {
  requestHeaders,
  refusals: ["INSUFFICIENT_PERMISSIONS"],
  middleware: [ownPagesOnly],
} as const satisfies Offer<unknown>;

/** How what signs somebody in is offered. */
export const signsIn: Offer<TokenResponse> = {
  ...toPages,
  answer: (c, { output }) => tokensAnswer(c, output, 200),
};

/** How what makes an account is offered. */
export const registers: Offer<TokenResponse> = {
  ...toPages,
  status: 201,
  answer: (c, { output }) => {
    const answer = tokensAnswer(c, output, 201);
    answer.headers.set("Location", "/api/v1/user/profile");
    return answer;
  },
};

/** How the trade of a refresh token is offered: that of a page is in its cookie. */
export const trades = {
  ...signsIn,
  body: {
    documented: { content: { "application/json": { schema: refreshSchema } } },
    read: async (c: GatewayRequest): Promise<unknown> => {
      await requireExactJson(c);
      return usesCookie(c) ? { refresh_token: getCookie(c, "refresh", "secure") ?? "" } : jsonOf(c);
    },
  },
};

/** How signing out is offered: a page's cookie goes as well. */
export const signsOut: Offer<{ message: string }> = {
  ...toPages,
  answer: (c, { output }) => (usesCookie(c) ? withCookie(json(c, output), "", 0) : json(c, output)),
};
