import { z } from "@hono/zod-openapi";
import { roles, scopes, tiers } from "#src/kernel/actor.ts";
import { isShallow, jsonObject, tooDeep } from "#src/kernel/json-object.ts";
import { isCommonPassword } from "./passwords/is-common-password.ts";

export const emailSchema = z
  .string()
  .max(320)
  .trim()
  .toLowerCase()
  .pipe(z.email().max(254))
  .openapi({ example: "user@demo.test" });

/** What depends on other fields is checked by `password-policy.ts`. */
export const newPasswordSchema = z
  .string()
  .min(8, "At least 8 characters")
  .max(128, "At most 128 characters")
  .regex(/\p{Lu}/u, "An upper-case letter")
  .regex(/\p{Ll}/u, "A lower-case letter")
  .regex(/\d/, "A digit")
  .refine((password) => !isCommonPassword(password), "Not one of the most common passwords")
  .openapi({
    description:
      "8 to 128 characters with an upper-case letter, a lower-case letter and a digit, and none of the most common",
    // Not every reader of the document knows letters of all scripts: the rest is said in words.
    pattern: "\\d",
    example: "Correct-Horse-9",
  });

/** A token in a body. One that is none at all is refused like any other that is no good: 401, not 400. */
export const tokenSchema = z.string();

/** A password that somebody says they have. */
export const givenPasswordSchema = z.string().min(1).max(128);

export const clientIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_]{3,50}$/, "3 to 50 letters, digits and _")
  .openapi({ example: "demo_client" });

const maxPreferencesLength = 16_384;

const shortText = (max: number) => z.string().trim().max(max);

export const registerSchema = z
  .strictObject({
    email: emailSchema,
    password: newPasswordSchema,
    client_id: clientIdSchema,
    first_name: shortText(100).optional(),
    last_name: shortText(100).optional(),
    name: shortText(201)
      .optional()
      .openapi({ description: "Both names in one, instead of them: the last word is the last name" }),
    company: shortText(255).optional(),
    invite_code: z.string().max(100).optional(),
    role: z
      .unknown()
      .refine(isShallow, tooDeep)
      .optional()
      .openapi({ description: "Nobody chooses their role: refused, and audited" }),
  })
  .openapi("Register");

export const loginSchema = z
  .strictObject({ email: emailSchema, password: givenPasswordSchema })
  .openapi("Login", { example: { email: "user@demo.test", password: "Demo-User-1" } });

/** What is answered where there is nothing to show. */
export const messageSchema = z.object({ message: z.string() });

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

/** Who calls, as an access token says. */
export const callerSchema = userSchema
  .omit({ email_verified: true })
  .extend({
    scope: z.enum(scopes).openapi({
      description: "How far what the caller may administer reaches: their tenant, or every one",
    }),
    acts_from: z.string().optional().openapi({
      description: "The caller's own tenant, while they act within another, which is `client_id` then",
    }),
  })
  .openapi("Caller");

export const tokenResponseSchema = z
  .object({
    access_token: z.string(),
    refresh_token: z
      .string()
      .optional()
      .openapi({ description: "Left out with `X-Session: cookie`, where it is in the cookie" }),
    token_type: z.literal("Bearer"),
    expires_in: z.number().int().openapi({ description: "Seconds", example: 3600 }),
    user: userSchema,
  })
  .openapi("TokenResponse");

export const profileFieldsSchema = z
  .object({
    user_id: z.uuid(),
    first_name: z.string().optional(),
    last_name: z.string().optional(),
    company: z.string().optional(),
    phone: z.string().optional(),
    avatar_url: z.string().optional(),
    preferences: z.record(z.string(), z.unknown()),
  })
  .openapi("ProfileFields");

export const profileSchema = profileFieldsSchema
  .extend({
    id: z.uuid(),
    email: z.string(),
    role: z.enum(roles),
    client_id: z.string(),
    subscription_tier: z.enum(tiers),
    is_active: z.boolean(),
    email_verified: z.boolean(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
    last_login_at: z.iso.datetime().nullable(),
    permissions: z.array(z.string()),
    profile: profileFieldsSchema,
  })
  .openapi("Profile");

export const deleteAccountSchema = z
  .strictObject({
    password: givenPasswordSchema,
    confirmation: z.literal("DELETE MY ACCOUNT"),
    reason: shortText(500).optional(),
  })
  .openapi("DeleteAccount");

export const updateProfileSchema = z
  .strictObject({
    first_name: shortText(100).nullable(),
    last_name: shortText(100).nullable(),
    company: shortText(255).nullable(),
    phone: shortText(50).nullable(),
    avatar_url: z.string().max(500).nullable().openapi({
      description:
        "null removes the avatar; else the https address of a picture, or the address there is. `POST /user/avatar` stores one",
    }),
    preferences: jsonObject.refine(
      (preferences) => JSON.stringify(preferences).length <= maxPreferencesLength,
      `At most ${maxPreferencesLength} characters as JSON`,
    ),
  })
  .partial()
  .openapi("UpdateProfile");

export type UpdateProfile = z.infer<typeof updateProfileSchema>;
/** What signing in gives; only the way out may leave something out. */
export type TokenResponse = Required<z.infer<typeof tokenResponseSchema>>;
