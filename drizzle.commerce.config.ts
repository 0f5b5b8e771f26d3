import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "sqlite",
  schema: ["./src/db/commerce/*.ts", "./src/db/schema/event-outbox.ts"],
  out: "./migrations/commerce",
});
