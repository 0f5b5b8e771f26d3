/** Settings of a tenant as they are read: what nobody has set is not among them. */
type Settings = Record<string, unknown>;

/** What is so where nothing is set (docs/conversations.md). */
export const usual = { idleMinutes: 60, archiveDays: 180, retentionDays: 0 };

const numberOf = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);

/** How a tenant's conversations are held and kept, as a form shows it; undefined where nothing is set. */
export function shownOf(settings: Settings) {
  const idleSeconds = numberOf(settings.holder_idle_seconds);
  return {
    isInTurn: settings.assignment === "round_robin",
    idleMinutes: idleSeconds === undefined ? undefined : idleSeconds / 60,
    archiveDays: numberOf(settings.archive_after_days),
    retentionDays: numberOf(settings.retention_days),
    isReopened: settings.reopen_ended !== false,
  };
}

/** The same as a change of the settings: what is left empty is taken out, so that what is usual holds. */
export function changeOf(form: FormData): Settings {
  const numberIn = (name: string): number | null => {
    const text = String(form.get(name) ?? "").trim();
    return text === "" ? null : Number(text);
  };
  const minutes = numberIn("idle");
  return {
    assignment: form.get("assignment") === "round_robin" ? "round_robin" : "manual",
    holder_idle_seconds: minutes === null ? null : Math.round(minutes * 60),
    archive_after_days: numberIn("archive"),
    retention_days: numberIn("retention"),
    reopen_ended: form.get("reopen") !== null,
  };
}
