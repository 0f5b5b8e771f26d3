import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isPublicAddress } from "#src/egress/public-address.ts";
import { hostOf, targetOf } from "#src/egress/target.ts";

const isLetOut = (url: string, allowLoopback = false) => targetOf(url, { allowLoopback }).url !== undefined;

describe("A URL that somebody gave us is called", () => {
  it.each([
    "https://hooks.example.com/in?tenant=1#x",
    "HTTPS://Hooks.Example.COM./in",
    "https://hooks.example.com:8443/",
    "https://bücher.example/",
    "https://xn--bcher-kva.example/",
    "https://8.8.8.8/",
    "https://[2606:4700:4700::1111]/",
    "https://172.32.0.1/",
    "https://100.128.0.1/",
    "https://internal.example.com/",
  ])("at %s", (url) => {
    expect(isLetOut(url)).toBe(true);
  });
});

describe("Nothing else is called:", () => {
  it.each([
    ["another scheme", "http://hooks.example.com/"],
    ["a file", "file:///etc/passwd"],
    ["data", "data:text/plain,hello"],
    ["a script", "javascript:alert(1)"],
    ["no URL", "hooks.example.com"],
    ["nothing", ""],
    ["too few slashes", "https:/hooks.example.com/"],
    ["too many slashes", "https:///hooks.example.com/"],
    ["slashes of another kind", "https:\\\\hooks.example.com\\"],
    ["a tab within", "https://hooks.exa\tmple.com/"],
    ["a line break behind", "https://hooks.example.com/\n"],
    ["a space before", " https://hooks.example.com/"],
    ["a user name", "https://user@hooks.example.com/"],
    ["a password", "https://:secret@hooks.example.com/"],
    ["a user name that looks like the host", "https://hooks.example.com@127.0.0.1/"],
    ["a port of something else", "https://hooks.example.com:22/"],
    ["the port of http", "https://hooks.example.com:80/"],
    ["more characters than anybody needs", `https://hooks.example.com/${"x".repeat(2048)}`],
    ["this machine by name", "https://localhost/"],
    ["this machine by name with a dot behind", "https://localhost./"],
    ["a name below this machine's", "https://a.localhost/"],
    ["this machine in letters that fold to it", "https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/"],
    ["a name without a dot", "https://router/"],
    ["a name of the local network", "https://printer.local/"],
    ["a name inside of a cloud", "https://metadata.google.internal/"],
    ["a name inside of an office", "https://wiki.corp/"],
    ["a name for addresses", "https://1.0.0.127.in-addr.arpa/"],
    ["a name of an onion", "https://abcdef.onion/"],
    ["a name with an empty part", "https://hooks..example.com/"],
    ["a name that is too long", `https://${"a.".repeat(127)}example.com/`],
    ["this machine", "https://127.0.0.1/"],
    ["this machine with a dot behind", "https://127.0.0.1./"],
    ["this machine, elsewhere in its network", "https://127.8.9.10/"],
    ["this machine in decimal", "https://2130706433/"],
    ["this machine in octal", "https://0177.0.0.1/"],
    ["this machine in hexadecimal", "https://0x7f000001/"],
    ["this machine in parts of each kind", "https://0x7f.0.01/"],
    ["this machine, shortened", "https://127.1/"],
    ["this machine in percent signs", "https://%31%32%37.0.0.1/"],
    ["this machine in wide digits", "https://１２７.0.0.1/"],
    ["this machine as zero", "https://0/"],
    ["no machine", "https://0.0.0.0/"],
    ["a private network", "https://10.0.0.1/"],
    ["another private network", "https://172.31.255.255/"],
    ["one more private network", "https://192.168.1.1/"],
    ["a provider's network", "https://100.64.0.1/"],
    ["metadata of a cloud", "https://169.254.169.254/latest/meta-data/"],
    ["metadata of a cloud in decimal", "https://2852039166/"],
    ["metadata of Azure", "https://168.63.129.16/"],
    ["metadata of Alibaba", "https://100.100.100.200/"],
    ["metadata of Oracle", "https://192.0.0.192/"],
    ["a network for documents", "https://203.0.113.1/"],
    ["a network for benchmarks", "https://198.19.0.1/"],
    ["everybody", "https://255.255.255.255/"],
    ["a group", "https://224.0.0.1/"],
    ["this machine in IPv6", "https://[::1]/"],
    ["this machine in IPv6, written out", "https://[0:0:0:0:0:0:0:1]/"],
    ["no machine in IPv6", "https://[::]/"],
    ["an IPv4 address in IPv6", "https://[::ffff:127.0.0.1]/"],
    ["the same in hexadecimal", "https://[::ffff:7f00:1]/"],
    ["the same in the older form", "https://[::127.0.0.1]/"],
    ["the same, translated", "https://[64:ff9b::7f00:1]/"],
    ["the same, translated locally", "https://[64:ff9b:1::7f00:1]/"],
    ["the same by 6to4", "https://[2002:7f00:1::1]/"],
    ["the same by Teredo", "https://[2001:0:7f00:1::1]/"],
    ["the same by ISATAP", "https://[2606:4700::5efe:7f00:1]/"],
    ["the same by ISATAP, said to be global", "https://[2606:4700::200:5efe:7f00:1]/"],
    ["a link", "https://[fe80::1]/"],
    ["a link with its zone", "https://[fe80::1%25eth0]/"],
    ["a private network in IPv6", "https://[fd00:ec2::254]/"],
    ["a site", "https://[fec0::1]/"],
    ["a group in IPv6", "https://[ff02::1]/"],
    ["documents in IPv6", "https://[2001:db8::1]/"],
    ["documents in IPv6, the newer network", "https://[3fff::1]/"],
  ])("%s", (_, url) => {
    expect(targetOf(url, { allowLoopback: false })).toEqual({ refused: expect.stringMatching(/^must /) });
  });
});

describe("In development, where it is allowed,", () => {
  it.each(["http://127.0.0.1:9999/hook", "http://localhost:9999/", "https://[::1]:1/"])(
    "this machine is called at %s",
    (url) => {
      expect(isLetOut(url, true)).toBe(true);
      expect(isLetOut(url)).toBe(false);
    },
  );

  it.each(["http://10.0.0.1/", "http://127.0.0.2/", "http://hooks.example.com/", "https://169.254.169.254/"])(
    "nothing else inside is: %s",
    (url) => {
      expect(isLetOut(url, true)).toBe(false);
    },
  );
});

/** A number of 32 bits in each way that a URL may spell it. */
const spellings = [
  (n: number) => String(n),
  (n: number) => `0x${n.toString(16)}`,
  (n: number) => `0${n.toString(8)}`,
  (n: number) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255].join("."),
  (n: number) => [n >>> 24, (n >>> 16) & 255, n & 65_535].join("."),
  (n: number) => [n >>> 24, n & 0xff_ffff].join("."),
  (n: number) =>
    [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255].map((part) => `0x${part.toString(16)}`).join("."),
  (n: number) =>
    [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255].map((part) => `0${part.toString(8)}`).join("."),
];

describe("However it is spelt,", () => {
  it("an IPv4 address is let out if and only if it is public", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.integer({ min: 0, max: 2 ** 32 - 1 }),
          // Around the edges of networks.
          fc
            .tuple(
              fc.constantFrom(0, 10, 100, 127, 169, 172, 192, 198, 203, 224),
              fc.nat(255),
              fc.nat(65_535),
            )
            .map(([a, b, rest]) => a * 2 ** 24 + b * 2 ** 16 + rest),
        ),
        fc.constantFrom(...spellings),
        fc.constantFrom("", "."),
        (address, spell, dot) => {
          const plain = [address >>> 24, (address >>> 16) & 255, (address >>> 8) & 255, address & 255].join(
            ".",
          );
          expect(isLetOut(`https://${spell(address)}${dot}/`)).toBe(isPublicAddress(plain));
        },
      ),
    );
  });

  it("an IPv6 address that carries an IPv4 one is not let out", () => {
    const prefixes = ["::ffff:", "::", "64:ff9b::", "64:ff9b:1::", "::ffff:0:"];
    fc.assert(
      fc.property(fc.ipV4(), fc.constantFrom(...prefixes), (address, prefix) => {
        expect(isLetOut(`https://[${prefix}${address}]/`)).toBe(false);
      }),
    );
  });

  it("what is let out is https, without credentials, at a port of it, and has a public name or address", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl({ withFragments: true, withQueryParameters: true }),
          fc
            .tuple(
              fc.constantFrom("https:", "http:", "https:/", "HTTPS:", "ftp:"),
              fc.constantFrom("//", "/", "\\\\", "///"),
              fc.oneof(
                fc.constant(""),
                fc.string().map((text) => `${text}@`),
              ),
              fc.oneof(
                fc.domain(),
                fc.ipV4(),
                fc.ipV4Extended(),
                fc.ipV6().map((text) => `[${text}]`),
                fc.string(),
              ),
              fc.oneof(
                fc.constant(""),
                fc.nat(65_535).map((port) => `:${port}`),
              ),
              fc.string(),
            )
            .map((parts) => parts.join("")),
        ),
        (text) => {
          const { url } = targetOf(text, { allowLoopback: false });
          if (!url) return;
          expect(url.protocol).toBe("https:");
          expect(url.username + url.password).toBe("");
          expect(["", "8443"]).toContain(url.port);
          const host = hostOf(url);
          if (/^[\d.]+$|:/.test(host)) expect(isPublicAddress(host)).toBe(true);
          else expect(host).toMatch(/^[a-z0-9_-]+(?:\.[a-z0-9_-]+)+$/);
          // What is called is what was looked at, however often it is read.
          expect(targetOf(url.href, { allowLoopback: false }).url?.href).toBe(url.href);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
