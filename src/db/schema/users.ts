import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { roles, tiers } from "#src/kernel/actor.ts";
import { clients } from "./clients.ts";

const notDeleted = sql`deleted_at IS NULL`;

/** Accounts. E-mail addresses are stored in lower case. */
export const users = sqliteTable(
  "users",
  {
    id: text("id").primaryKey(),
    email: text("email").notNull(),
    /** PHC string. */
    passwordHash: text("password_hash").notNull(),
    role: text("role", { enum: roles }).notNull().default("user"),
    clientId: text("client_id")
      .notNull()
      .references(() => clients.id),
    tier: text("subscription_tier", { enum: tiers }).notNull().default("free"),
    isActive: integer("is_active", { mode: "boolean" }).notNull().default(true),
    emailVerified: integer("email_verified", { mode: "boolean" }).notNull().default(false),
    /** Sign-in only leads to a token for choosing a new password. */
    mustChangePassword: integer("must_change_password", { mode: "boolean" }).notNull().default(false),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    lastLoginAt: integer("last_login_at"),
    totalLogins: integer("total_logins").notNull().default(0),
    deletedAt: integer("deleted_at"),
    /** When the personal data of a deleted account was removed. */
    scrubbedAt: integer("scrubbed_at"),
    /** The last day (since 1970-01-01) on which one of its sessions was used; kept by triggers. */
    lastActiveDay: integer("last_active_day"),
    /** When the tier changed, as long as the tenant's access gate has not been told; the sweep repeats it. */
    tierUntoldSince: integer("tier_untold_since"),
  },
  (table) => [
    uniqueIndex("users_email").on(table.email).where(notDeleted),
    // What administrators list and export by, in the order in which they do.
    index("users_listed").on(table.createdAt, table.id).where(notDeleted),
    index("users_updated").on(table.updatedAt, table.id).where(notDeleted),
    index("users_last_login").on(table.lastLoginAt, table.id).where(notDeleted),
    index("users_client").on(table.clientId, table.createdAt, table.id).where(notDeleted),
    index("users_role").on(table.role, table.createdAt, table.id).where(notDeleted),
    index("users_tier").on(table.tier, table.createdAt, table.id).where(notDeleted),
    index("users_active").on(table.isActive, table.createdAt, table.id).where(notDeleted),
    index("users_tier_untold").on(table.id).where(sql`tier_untold_since IS NOT NULL`),
    index("users_to_scrub").on(table.deletedAt).where(sql`deleted_at IS NOT NULL AND scrubbed_at IS NULL`),
  ],
);

export const userProfiles = sqliteTable("user_profiles", {
  userId: text("user_id")
    .primaryKey()
    .references(() => users.id),
  firstName: text("first_name"),
  lastName: text("last_name"),
  company: text("company"),
  phone: text("phone"),
  avatarUrl: text("avatar_url"),
  preferences: text("preferences", { mode: "json" }).$type<Record<string, unknown>>().notNull(),
  updatedAt: integer("updated_at").notNull(),
});

/** Failed sign-ins by what they are counted under: an account at an address, an account, an address. */
export const loginFailures = sqliteTable(
  "login_failures",
  {
    key: text("key").primaryKey(),
    failures: integer("failures").notNull(),
    lastAt: integer("last_at").notNull(),
  },
  (table) => [index("login_failures_last").on(table.lastAt)],
);

export const oneTimePurposes = ["verify_email", "reset_password", "change_password", "change_email"] as const;

/** Single-use, expiring tokens, sent by mail or handed out at a sign-in that must change its password; stored as a hash. */
export const oneTimeTokens = sqliteTable(
  "one_time_tokens",
  {
    hash: text("hash").primaryKey(),
    purpose: text("purpose", { enum: oneTimePurposes }).notNull(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id),
    createdAt: integer("created_at").notNull(),
    expiresAt: integer("expires_at").notNull(),
    usedAt: integer("used_at"),
    /** The address that it was mailed to, where that is not the account's. */
    address: text("address"),
  },
  (table) => [
    index("one_time_tokens_user").on(table.userId, table.purpose),
    index("one_time_tokens_expires").on(table.expiresAt),
  ],
);

/** Named grants a user can hold. */
export const permissions = sqliteTable("permissions", {
  name: text("name").primaryKey(),
  description: text("description").notNull(),
});

export const userPermissions = sqliteTable(
  "user_permissions",
  {
    userId: text("user_id")
      .notNull()
      .references(() => users.id),
    permission: text("permission")
      .notNull()
      .references(() => permissions.name),
    grantedAt: integer("granted_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.permission] })],
);
