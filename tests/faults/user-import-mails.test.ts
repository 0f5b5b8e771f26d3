import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { continueImport } from "#src/administration/user-import/continue-import.ts";
import type { Mailer } from "#src/mail/mailer.ts";
import { bodyOf, present } from "../support/personas.ts";
import { testPlatform } from "../support/platform-in-process.ts";
import { createUser } from "../support/users.ts";
import { fileOf, reportOf, upload } from "../unit/administration/user-import/imports.ts";
import { db } from "./user-imports.ts";

describe("Mails to owners of accounts without a password", () => {
  /** A small file's job: its rows are taken over, its mails are left. */
  async function withMailsLeft(clientId: string, file: string): Promise<string> {
    await createUser(clientId);
    await bodyOf(await upload(file, clientId), 200);
    const job = await env.DB.prepare("SELECT id FROM import_jobs WHERE client_id = ?")
      .bind(clientId)
      .first<{ id: string }>();
    return present(job).id;
  }

  const all = { rows: 0, passwords: 0, mails: 360 };

  it("that fail are tried again, and hold up no other", async () => {
    const jobId = await withMailsLeft("fault_mail", fileOf("fault-mail", 3));
    const sent: string[] = [];
    let failures = 1;
    const mailer: Mailer = {
      send: async ({ to }) => {
        if (to.startsWith("1@") && failures-- > 0) throw new Error("try later");
        sent.push(to);
      },
    };
    expect(await continueImport(testPlatform({ mailer: () => mailer }), jobId, all)).toBe("done");
    expect(sent).toEqual(["0@fault-mail.example", "2@fault-mail.example", "1@fault-mail.example"]);
    expect(await reportOf(jobId)).toMatchObject({ status: "completed", successful: 3, errors: [] });
  });

  it("that never go out are told in the result; the accounts are made all the same", async () => {
    const jobId = await withMailsLeft("fault_no_mail", fileOf("fault-no-mail", 2));
    const mailer: Mailer = { send: () => Promise.reject(new Error("no mailer")) };
    expect(await continueImport(testPlatform({ mailer: () => mailer }), jobId, all)).toBe("done");
    const problem = "The account is made, but the password-reset mail could not be sent";
    expect(await reportOf(jobId)).toMatchObject({
      status: "completed",
      successful: 2,
      failed: 0,
      errors: [`Row 2: ${problem}`, `Row 3: ${problem}`],
    });
  });

  it("that went out before a crash go out again with a token that works, the earlier one no longer", async () => {
    const jobId = await withMailsLeft("fault_mail_crash", fileOf("fault-mail-crash", 1));
    const letters: string[] = [];
    const mailer: Mailer = { send: async ({ text }) => void letters.push(text) };
    // The note that the mail has gone is what the crash prevents.
    const noting = new Proxy(db, {
      get: (target, name) => {
        if (name === "batch" && letters.length > 0) return () => Promise.reject(new Error("killed"));
        const member: unknown = Reflect.get(target, name);
        return typeof member === "function" ? member.bind(target) : member;
      },
    });
    const crashing = testPlatform({ mailer: () => mailer, db: noting });
    await expect(continueImport(crashing, jobId, all)).rejects.toThrow("killed");
    expect(await continueImport(testPlatform({ mailer: () => mailer }), jobId, all)).toBe("done");
    expect(letters).toHaveLength(2);
    const usable = await env.DB.prepare(
      `SELECT count(*) AS n FROM one_time_tokens JOIN users ON users.id = user_id
       WHERE email = '0@fault-mail-crash.example' AND used_at IS NULL`,
    ).first();
    expect(usable).toEqual({ n: 1 });
  });

  it("that cannot go out because there is no mailer are told likewise", async () => {
    const jobId = await withMailsLeft("fault_mailer", fileOf("fault-mailer", 1));
    const mailer = () => {
      throw new Error("Mail is not configured");
    };
    expect(await continueImport(testPlatform({ mailer }), jobId, all)).toBe("done");
    expect((await reportOf(jobId)).errors).toHaveLength(1);
  });

  it("do not go to accounts that were deleted meanwhile", async () => {
    const jobId = await withMailsLeft("fault_mail_deleted", fileOf("fault-mail-deleted", 1));
    await env.DB.prepare(
      "UPDATE users SET deleted_at = 1 WHERE email = '0@fault-mail-deleted.example'",
    ).run();
    const mailer: Mailer = { send: () => Promise.reject(new Error("nobody to write to")) };
    expect(await continueImport(testPlatform({ mailer: () => mailer }), jobId, all)).toBe("done");
    expect(await reportOf(jobId)).toMatchObject({ status: "completed", errors: [] });
  });
});
