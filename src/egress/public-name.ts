/**
 * Ends of names that no public name server answers for: kept for one's own machine and network (RFC 6761, 6762, 7686,
 * 8375, ICANN's list of collisions), and those that clouds give what is inside of them.
 */
const privateEnds: readonly string[] = [
  "alt",
  "arpa",
  "corp",
  "home",
  "internal",
  "intranet",
  "invalid",
  "lan",
  "local",
  "localdomain",
  "localhost",
  "mail",
  "onion",
  "private",
  "test",
];

const maxLength = 253;
const label = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/;

/** Whether a host name, as URLs spell it, may be one of the public internet: it is a full name, of an end that is public. */
export function isPublicName(host: string): boolean {
  const labels = host.split(".");
  const end = labels.at(-1) ?? "";
  return (
    host.length <= maxLength &&
    labels.length > 1 &&
    labels.every((one) => label.test(one)) &&
    !privateEnds.includes(end)
  );
}
