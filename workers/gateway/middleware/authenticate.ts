import type { Context } from "hono";
import { verifiedToken } from "#src/identity/index.ts";
import type { SignedIn } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { GatewayContext } from "../context.ts";
import { deviceOf } from "../device.ts";

/** The token of an `Authorization: Bearer` header. */
export const bearerToken = (header: string | undefined): string | undefined =>
  /^Bearer ([\w.~+/-]+=*)$/i.exec(header ?? "")?.[1];

/**
 * Who calls, by their access token. Identity headers are never read.
 * @throws AppError as `verifiedToken`; `UNAUTHORIZED` without a token
 */
export async function callerOf(
  c: Context<GatewayContext>,
  token = bearerToken(c.req.header("authorization")),
): Promise<SignedIn> {
  if (!token) throw new AppError("UNAUTHORIZED");
  const { actor, expiresAt } = await verifiedToken(c.get("platform"), token);
  return { ...actor, expiresAt: expiresAt * 1000, via: "rest", device: deviceOf(c) };
}
