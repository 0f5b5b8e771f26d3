/**
 * Where a sign-in leads: only to pages of the console.
 * @param wanted a path as the router writes it, without `/console`
 */
export function destination(wanted: string | undefined): string {
  if (!wanted?.startsWith("/") || /^\/[/\\]/.test(wanted)) return "/";
  const { origin, pathname, search } = new URL(wanted, "http://console");
  return origin === "http://console" && pathname !== "/sign-in" ? pathname + search : "/";
}
