import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { roles, tiers } from "../../identity/principal.ts";
import { clients } from "./clients.ts";

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
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    lastLoginAt: integer("last_login_at"),
    totalLogins: integer("total_logins").notNull().default(0),
    deletedAt: integer("deleted_at"),
  },
  (table) => [
    uniqueIndex("users_email").on(table.email).where(sql`deleted_at IS NULL`),
    index("users_client").on(table.clientId, table.createdAt),
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
