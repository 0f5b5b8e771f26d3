import type { Context } from "hono";
import { isVerifiedHere, verifiedToken } from "#src/identity/index.ts";
import { nobody, type SignedIn, visitorOf, type WidgetVisitor } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { admitVisit, isVisitorToken } from "#src/visitors/index.ts";
import type { GatewayContext } from "../context.ts";
import { deviceOf } from "../device.ts";
import { refuseFloods } from "./flood-guard.ts";

/** The token of an `Authorization: Bearer` header. */
export const bearerToken = (header: string | undefined): string | undefined =>
  /^Bearer ([\w.~+/-]+=*)$/i.exec(header ?? "")?.[1];

/**
 * Who calls, by their access token. Identity headers are never read.
 * @throws AppError as `verifiedToken`; `UNAUTHORIZED` without a token; `RATE_LIMITED`
 */
export async function callerOf(
  c: Context<GatewayContext>,
  token = bearerToken(c.req.header("authorization")),
): Promise<SignedIn> {
  if (!token) throw new AppError("UNAUTHORIZED");
  const platform = c.get("platform");
  if (!isVerifiedHere(platform, token)) await refuseFloods(c);
  const { actor, expiresAt } = await verifiedToken(platform, token);
  return { ...actor, expiresAt: expiresAt * 1000, via: "rest", device: deviceOf(c) };
}

/**
 * Who calls what visitors of widgets may do as well: by an access token, or by a visitor's.
 * @throws AppError as `callerOf`, `admitVisit`
 */
export async function callerOrVisitor(
  c: Context<GatewayContext>,
  token = bearerToken(c.req.header("authorization")),
): Promise<SignedIn | WidgetVisitor> {
  if (!token || !isVisitorToken(token)) return callerOf(c, token);
  await refuseFloods(c);
  const { clientId, visit } = await admitVisit(c.get("platform"), token, c.req.header("origin"));
  return visitorOf(clientId, visit, "rest", deviceOf(c));
}

/**
 * The caller; who cannot say who they are, or may not ask at all, counts against the limits of their address.
 * @throws AppError as `caller`; `RATE_LIMITED`
 */
export async function countedCaller(
  c: Context<GatewayContext>,
  caller: (c: Context<GatewayContext>) => Promise<SignedIn | WidgetVisitor>,
): Promise<SignedIn | WidgetVisitor> {
  try {
    return await caller(c);
  } catch (error) {
    // Not 429, which has been counted, nor what is no fault of theirs.
    if (error instanceof AppError && error.status < 429)
      await c.get("platform").limits?.take(nobody("rest", deviceOf(c)), "read");
    throw error;
  }
}
