/** Networks that are no part of the public internet, or stand for another address (IANA's special-purpose registries). */
const special = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  // Link-local, and the metadata of most clouds.
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
  // Azure's own host, which is not reached from outside and answers from inside.
  "168.63.129.16/32",
  // Teredo, benchmarks, ORCHID.
  "2001::/23",
  "2001:db8::/32",
  // 6to4, which stands for an IPv4 address.
  "2002::/16",
  "3fff::/20",
] as const;

/** Where public IPv6 addresses are; all else is loopback, link-local, unique-local, multicast, mapped, NAT64 or unassigned. */
const publicV6 = "2000::/3";

interface Address {
  bits: 32 | 128;
  value: bigint;
}

const joined = (parts: readonly string[], base: 10 | 16, width: bigint): bigint =>
  parts.reduce((value, part) => (value << width) | BigInt(Number.parseInt(part || "0", base)), 0n);

const dotted = /^\d{1,3}(?:\.\d{1,3}){3}$/;

function parseAddress(text: string): Address | undefined {
  if (dotted.test(text)) {
    const parts = text.split(".");
    return parts.some((part) => Number(part) > 255) ? undefined : { bits: 32, value: joined(parts, 10, 8n) };
  }
  if (!text.includes(":") || !URL.canParse(`https://[${text}]`)) return undefined;
  // In the one spelling that URLs give it.
  const canonical = new URL(`https://[${text}]`).hostname.replaceAll(/[[\]]/g, "");
  const [head = "", tail] = canonical.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail ? tail.split(":") : [];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0");
  return { bits: 128, value: joined([...before, ...zeros, ...after], 16, 16n) };
}

/** Whether an address is within a network, which is written as `address/length`. */
function within(network: string): (address: Address) => boolean {
  const [start = "", length] = network.split("/");
  const parsed = parseAddress(start);
  if (!parsed) throw new Error(`${network} is no network`);
  const rest = BigInt(parsed.bits - Number(length));
  return ({ bits, value }) => bits === parsed.bits && value >> rest === parsed.value >> rest;
}

const specialNetworks = special.map(within);
const isInPublicV6 = within(publicV6);

/** Interfaces of ISATAP carry an IPv4 address in their last 32 bits. */
const isIsatap = ({ bits, value }: Address): boolean =>
  bits === 128 && ((value >> 32n) & 0xfdff_ffffn) === 0x0000_5efen;

/** Whether a text is an IP address, as URLs or a name server write it. */
export const isAddress = (text: string): boolean => parseAddress(text) !== undefined;

/** Whether an IP address is one of the public internet. What is no address is not. */
export function isPublicAddress(text: string): boolean {
  const address = parseAddress(text);
  if (!address) return false;
  if (address.bits === 128 && (!isInPublicV6(address) || isIsatap(address))) return false;
  return !specialNetworks.some((isWithin) => isWithin(address));
}
