/** `Retry-After` in milliseconds: seconds or an HTTP date; undefined when it is missing or senseless. */
export function retryAfterOf(headers: Headers | undefined, now: number): number | undefined {
  const value = headers?.get("retry-after")?.trim();
  if (!value) return undefined;
  const seconds = Number(value);
  const milliseconds = Number.isNaN(seconds) ? Date.parse(value) - now : seconds * 1000;
  return milliseconds >= 0 ? Math.min(Math.ceil(milliseconds), Number.MAX_SAFE_INTEGER) : undefined;
}
