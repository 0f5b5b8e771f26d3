const units = ["bytes", "kB", "MB", "GB", "TB"];

/** An amount of bytes for people, as Postgres writes it: the unit that leaves a few digits. */
export function sizeText(bytes: number): string {
  let amount = bytes;
  let unit = 0;
  for (; amount >= 10 * 1024 && unit < units.length - 1; unit++) amount /= 1024;
  return `${Math.round(amount)} ${units[unit]}`;
}

/** How long something has lasted, as Go writes it: `26h3m7s`. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const parts = [hours && `${hours}h`, (hours || minutes) && `${minutes}m`, `${seconds % 60}s`];
  return parts.filter(Boolean).join("");
}
