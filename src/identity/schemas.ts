import { z } from "@hono/zod-openapi";
import { roles, tiers } from "./principal.ts";

export const emailSchema = z
  .string()
  .trim()
  .toLowerCase()
  .pipe(z.email().max(254))
  .openapi({ example: "user@demo.test" });

/** Spec 01-identity, "Passwords". What depends on other fields is checked by `password-policy.ts`. */
export const newPasswordSchema = z
  .string()
  .min(8, "At least 8 characters")
  .max(128, "At most 128 characters")
  .regex(/\p{Lu}/u, "An upper-case letter")
  .regex(/\p{Ll}/u, "A lower-case letter")
  .regex(/\d/, "A digit")
  .openapi({ example: "Correct-Horse-9" });

export const clientIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_]{3,50}$/, "3 to 50 letters, digits and _")
  .openapi({ example: "demo_client" });

const shortText = (max: number) => z.string().trim().max(max);

export const registerSchema = z
  .strictObject({
    email: emailSchema,
    password: newPasswordSchema,
    client_id: clientIdSchema,
    first_name: shortText(100).optional(),
    last_name: shortText(100).optional(),
    company: shortText(255).optional(),
    invite_code: z.string().max(100).optional(),
  })
  .openapi("Register");

export const loginSchema = z
  .strictObject({ email: emailSchema, password: z.string().min(1).max(128) })
  .openapi("Login", { example: { email: "user@demo.test", password: "Demo-User-1" } });

export const refreshSchema = z
  .strictObject({ refresh_token: z.string().min(20).max(200) })
  .openapi("Refresh");

export const userSchema = z
  .object({
    id: z.uuid(),
    email: z.string(),
    client_id: z.string(),
    role: z.enum(roles),
    tier: z.enum(tiers),
    email_verified: z.boolean(),
    permissions: z.array(z.string()),
  })
  .openapi("User");

export const tokenResponseSchema = z
  .object({
    access_token: z.string(),
    refresh_token: z.string(),
    token_type: z.literal("Bearer"),
    expires_in: z.number().int().openapi({ description: "Seconds", example: 3600 }),
    user: userSchema,
  })
  .openapi("TokenResponse");

export const profileSchema = z
  .object({
    user_id: z.uuid(),
    email: z.string(),
    first_name: z.string().nullable(),
    last_name: z.string().nullable(),
    company: z.string().nullable(),
    phone: z.string().nullable(),
    avatar_url: z.string().nullable(),
    preferences: z.record(z.string(), z.unknown()),
    updated_at: z.iso.datetime(),
  })
  .openapi("Profile");

export const updateProfileSchema = z
  .strictObject({
    first_name: shortText(100).nullable(),
    last_name: shortText(100).nullable(),
    company: shortText(255).nullable(),
    phone: shortText(50).nullable(),
    preferences: z.record(z.string().max(100), z.unknown()),
  })
  .partial()
  .openapi("UpdateProfile");

export type Register = z.infer<typeof registerSchema>;
export type Login = z.infer<typeof loginSchema>;
export type UpdateProfile = z.infer<typeof updateProfileSchema>;
export type TokenResponse = z.infer<typeof tokenResponseSchema>;
