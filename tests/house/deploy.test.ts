import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { placeholdersIn } from "#scripts/placeholder-ids.ts";

const run = (script: string, ...parameters: string[]) =>
  spawnSync(process.execPath, [`scripts/${script}`, ...parameters], { encoding: "utf8", input: "" });

describe("npm run deploy", () => {
  it("refuses the placeholders of the repository's own files, and names them", () => {
    const { status, stderr } = run("deploy.ts");
    expect(status).toBe(1);
    expect(stderr.match(/0000-0000-00000000000[12]"|id = "0+1"/g)).toHaveLength(6);
  });

  it("takes files with ids of one's own", () => {
    const mine = readFileSync("wrangler.toml", "utf8")
      .replace("00000000-0000-0000-0000-000000000001", "4f1c0d2e-7a35-4be1-9d06-2f0a54b1c7aa")
      .replace("00000000-0000-0000-0000-000000000002", "9b0e5f1a-2c47-4d83-8e19-6a3d7c50b2f4")
      .replace("00000000000000000000000000000001", "0f2ac74b498b48028cb68387c421e279");
    expect(placeholdersIn("wrangler.toml", mine)).toEqual([]);
  });
});

describe("npm run bootstrap-admin", () => {
  it("tells its help when asked for it", () => {
    const { status, stdout } = run("bootstrap-admin.ts", "--help");
    expect(stdout).toContain("npm run bootstrap-admin -- --email you@example.com");
    expect(status).toBe(0);
  });

  it("tells its help and what is wrong when it does not know an option", () => {
    const { status, stderr } = run("bootstrap-admin.ts", "--mail", "you@example.com");
    expect(stderr).toMatch(/--mail[\s\S]*--email you@example\.com/);
    expect(status).toBe(1);
  });
});
