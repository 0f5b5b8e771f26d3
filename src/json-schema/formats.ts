/** Longest text that is looked at: none of the formats allows a longer one in practice. */
const longest = 2048;

const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

function isDate(text: string): boolean {
  const [, year = 0, month = 0, day = 0] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)?.map(Number) ?? [];
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

const time = /^(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:z|([+-])(\d\d):(\d\d))$/i;

/** With an offset from UTC; a leap second only where there can be one. */
function isTime(text: string): boolean {
  const [, hour = "", minute = "", second = "", sign = "+", offsetHour = "0", offsetMinute = "0"] =
    time.exec(text) ?? [];
  if (hour === "" || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return false;
  if (Number(offsetHour) > 23 || Number(offsetMinute) > 59) return false;
  if (Number(second) < 60) return true;
  const offset = (sign === "-" ? -1 : 1) * (Number(offsetHour) * 60 + Number(offsetMinute));
  return (Number(hour) * 60 + Number(minute) - offset + 1440) % 1440 === 1439;
}

function isDateTime(text: string): boolean {
  const [date = "", clock = "", ...more] = text.split(/[t\s]/i);
  return more.length === 0 && isDate(date) && isTime(clock);
}

const duration = /^P(?:\d+W|(?=[\dT])(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)$/;

const label = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i;
const isHostname = (text: string): boolean =>
  text.length <= 253 && text.split(".").every((part) => part.length <= 63 && label.test(part));

const isIpv4 = (text: string): boolean =>
  /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) && text.split(".").every((part) => Number(part) <= 255);

function isIpv6(text: string): boolean {
  if (text.length > 45 || !/^[0-9a-f:.]+$/i.test(text)) return false;
  return URL.canParse(`http://[${text}]/`);
}

function isEmail(text: string): boolean {
  const at = text.lastIndexOf("@");
  const [name, host] = [text.slice(0, at), text.slice(at + 1)];
  if (at < 1 || name.length > 64) return false;
  const isNamed =
    /^"(?:[^"\\\p{C}]|\\[\x20-\x7e])*"$/u.test(name) ||
    (/^[a-z0-9.!#$%&'*+/=?^_`{|}~-]+$/i.test(name) && !/^\.|\.$|\.\./.test(name));
  if (!isNamed) return false;
  const [, address] = /^\[(.*)\]$/.exec(host) ?? [];
  if (address === undefined) return isHostname(host);
  return /^ipv6:/i.test(address) ? isIpv6(address.replace(/^ipv6:/i, "")) : isIpv4(address);
}

const uriCharacters = /^(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*$/;
const isUriReference = (text: string): boolean =>
  uriCharacters.test(text) && URL.canParse(text, "http://example.com/");
const isUri = (text: string): boolean =>
  uriCharacters.test(text) && /^[a-z][a-z0-9+.-]*:/i.test(text) && URL.canParse(text);
const isUrl = (text: string): boolean => /^(?:https?|ftp):\/\//i.test(text) && URL.canParse(text);

const is =
  (pattern: RegExp) =>
  (text: string): boolean =>
    pattern.test(text);

/** Each looks at every character a few times at most. */
const formats = new Map<unknown, (text: string) => boolean>([
  ["date", isDate],
  ["time", isTime],
  ["date-time", isDateTime],
  ["duration", is(duration)],
  ["email", isEmail],
  ["hostname", isHostname],
  ["ipv4", isIpv4],
  ["ipv6", isIpv6],
  ["uri", isUri],
  ["uri-reference", isUriReference],
  ["url", isUrl],
  ["uuid", is(/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i)],
  ["json-pointer", is(/^(?:\/(?:[^~/]|~[01])*)*$/)],
  ["relative-json-pointer", is(/^(?:0|[1-9]\d*)(?:#|(?:\/(?:[^~/]|~[01])*)*)$/)],
]);

/** Whether a text has a format; one that nobody knows, any text has. */
export function hasFormat(format: unknown, text: string): boolean {
  const check = formats.get(format);
  return check === undefined || (text.length <= longest && check(text));
}
