import { describe, expect, it } from "vitest";
import { type ImportRow, readUserCsv } from "#src/administration/user-import/read-user-csv.ts";
import { maxImportRows } from "#src/imports/index.ts";

const one = (text: string): ImportRow | undefined => readUserCsv(text)[0];
const errors = (text: string): string[] =>
  readUserCsv(text).flatMap((row) => ("error" in row ? [`${row.row}: ${row.error}`] : []));

describe("A file of accounts", () => {
  it("is read by its header, in whatever order, letters and spelling; unknown columns are ignored", () => {
    expect(
      one("Company,role,LastName,First Name,E-Mail,password\nX,admin,B,A, Ab@C.example ,Correct-Horse-9\n"),
    ).toEqual({
      row: 2,
      account: {
        email: "ab@c.example",
        password: "Correct-Horse-9",
        first_name: "A",
        last_name: "B",
        company: "X",
      },
    });
  });

  it("may leave everything out but the address", () => {
    expect(one("email\na@b.example")).toEqual({ row: 2, account: { email: "a@b.example" } });
    expect(one("email,password,company\na@b.example,,")).toEqual({
      row: 2,
      account: { email: "a@b.example" },
    });
  });

  it.each([
    ["a byte order mark", "\ufeffemail,company\na@b.example,X\nc@d.example,Y\n"],
    ["CRLF", "email,company\r\na@b.example,X\r\nc@d.example,Y\r\n"],
    ["CR", "email,company\ra@b.example,X\rc@d.example,Y"],
    ["line ends of both kinds", "email,company\r\na@b.example,X\nc@d.example,Y"],
    ["semicolons", "email;company\na@b.example;X\nc@d.example;Y"],
    ["tabs", "email\tcompany\na@b.example\tX\nc@d.example\tY"],
    ["a first line that names the delimiter", "sep=;\r\nemail;company\r\na@b.example;X\r\nc@d.example;Y"],
    ["that and a byte order mark", "\ufeffsep=,\nemail,company\na@b.example,X\nc@d.example,Y"],
    ["quoted names and semicolons", '"email";"company"\n"a@b.example";X\nc@d.example;"Y"'],
    ["a delimiter at the end of each line", "email,company,\na@b.example,X,\nc@d.example,Y,"],
    ["one only at the end of the header", "email;company;\na@b.example;X\nc@d.example;Y"],
    ["one only at the end of the rows", "email,company\na@b.example,X,\nc@d.example,Y,"],
    ["quotes", '"email","company"\n"a@b.example","X"\n"c@d.example",Y'],
  ])("may have %s", (_, text) => {
    expect(readUserCsv(text)).toEqual([
      { row: 2, account: { email: "a@b.example", company: "X" } },
      { row: 3, account: { email: "c@d.example", company: "Y" } },
    ]);
  });

  it("may have quoted commas, quotes and line ends, which make no row of their own", () => {
    expect(readUserCsv('email,company\na@b.example,"One,\r\n""Two"""\nc@d.example,Y')).toEqual([
      { row: 2, account: { email: "a@b.example", company: 'One,\r\n"Two"' } },
      { row: 3, account: { email: "c@d.example", company: "Y" } },
    ]);
  });

  it("counts rows as a spreadsheet does: empty lines too", () => {
    expect(errors("email\n\na@b.example\n  \nnobody\n")).toEqual(["5: email: Invalid email address"]);
    expect(readUserCsv("email\n\na@b.example\n")).toHaveLength(1);
  });
});

describe("A row that is wrong", () => {
  it.each([
    ["email\nnobody", "email: Invalid email address"],
    ["email,company\n,X", "email: Missing"],
    [
      `email,company\na@b.example,${"x".repeat(256)}`,
      "company: Too big: expected string to have <=255 characters",
    ],
    ["email,company\na@b.example", "1 columns instead of 2"],
    ["email,company\na@b.example,X,Y", "3 columns instead of 2"],
    ["email,password\na@b.example,short", "password: At least 8 characters; An upper-case letter; A digit"],
    ["email,password\na@b.example,Password1", "password: Not one of the most common passwords"],
    ["email,password\nAbc1@bcd.example,Abc1@bcd.example", "password: Not your e-mail address"],
  ])("%j: %s", (text, error) => {
    expect(readUserCsv(text)).toEqual([{ row: 2, error }]);
  });

  it("holds up no other, and neither takes nor keeps an address that it shares", () => {
    const text = "email,password\nA@b.example,bad\na@b.example,\na@B.example,\nc@d.example,";
    expect(readUserCsv(text)).toEqual([
      { row: 2, error: "password: At least 8 characters; An upper-case letter; A digit" },
      { row: 3, account: { email: "a@b.example" } },
      { row: 4, error: "The same e-mail as in row 3" },
      { row: 5, account: { email: "c@d.example" } },
    ]);
  });

  it("does not tell the password", () => {
    expect(errors("email,password\na@b.example,secret-secret").join()).not.toContain("secret");
  });
});

describe("What is no file of accounts", () => {
  it.each([
    ["", "no account"],
    ["email", "no account"],
    ["name,company\nx,y", "`email` among them"],
    ["email,E-mail\na@b.example,c@d.example", "twice"],
    ['email\n"a@b.example', "Not a CSV file"],
    ['email\n"a"b@c.example', "Not a CSV file"],
    [`email,${"x,".repeat(100)}\n`, "At most 100 columns"],
    [`email\n${"x".repeat(30_000)}`, "Not a CSV file"],
  ])("%j: %s", (text, message) => {
    expect(() => readUserCsv(text)).toThrow(message);
  });

  it("is one of too many lines, which are not all read, and one of rows wider than any header may be", () => {
    expect(() => readUserCsv(`email\n${"\n".repeat(5_000_000)}`)).toThrow("At most 100000 lines");
    expect(() => readUserCsv(`email\n${`${",".repeat(5000)}\n`.repeat(1000)}`)).toThrow(
      "At most 100 columns",
    );
  });

  it("is one of too many rows", () => {
    const lines = Array.from({ length: maxImportRows + 1 }, (_, index) => `${index}@b.example`);
    expect(() => readUserCsv(`email\n${lines.join("\n")}`)).toThrow("At most 50000 rows");
    expect(readUserCsv(`email\n${lines.slice(1).join("\n")}`)).toHaveLength(maxImportRows);
  });
});
