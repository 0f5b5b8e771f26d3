import { Lexer, type MarkedToken, type Token, type Tokens } from "marked";
import { element } from "./element.ts";

/** Longer texts are shown as they are: reading them as Markdown would hold the page up. */
const maxRead = 50_000;

/** The address of a link, where it is one that may be followed: a whole one, as no page here is meant. */
export function safeAddress(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, href } = new URL(address);
  return ["http:", "https:", "mailto:"].includes(protocol) ? href : undefined;
}

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
const plain = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#39);/g, (whole, name: string) => entities[name] ?? whole);

const isKnown = (token: Token): token is MarkedToken => token.type !== "html";

const all = (tokens: readonly Token[] | undefined): (Node | string)[] => (tokens ?? []).flatMap(drawn);

/** A link that opens beside the page, and tells nobody where it came from; what cannot be followed is its text. */
function link(address: string, children: (Node | string)[]): (Node | string)[] {
  const href = safeAddress(address);
  if (href === undefined) return children;
  return [element("a", { href, target: "_blank", rel: "noopener noreferrer" }, ...children)];
}

const cells = (kind: "td" | "th", row: Tokens.TableCell[]) =>
  element("tr", {}, ...row.map(({ tokens }) => element(kind, {}, ...all(tokens))));

const wide = (label: string, ...children: Node[]) =>
  element("div", { class: "wide", tabindex: 0, role: "region", "aria-label": label }, ...children);

function drawn(token: Token): (Node | string)[] {
  // Of what looks like HTML, the text.
  if (!isKnown(token)) return [token.raw];
  switch (token.type) {
    case "heading":
      return [element("p", {}, element("strong", {}, ...all(token.tokens)))];
    case "paragraph":
      return [element("p", {}, ...all(token.tokens))];
    case "strong":
    case "em":
    case "del":
      return [element(token.type, {}, ...all(token.tokens))];
    case "codespan":
      return [element("code", {}, plain(token.text))];
    case "code":
      return [wide("Code", element("pre", {}, element("code", {}, token.text)))];
    case "blockquote":
      return [element("blockquote", {}, ...all(token.tokens))];
    case "br":
    case "hr":
      return [element(token.type)];
    case "list":
      return [
        element(
          token.ordered ? "ol" : "ul",
          {},
          ...token.items.map((item: Tokens.ListItem) => element("li", {}, ...all(item.tokens))),
        ),
      ];
    case "link":
      return link(token.href, all(token.tokens));
    // Not fetched: an address would carry out what an answer has been told.
    case "image":
      return link(token.href, [plain(token.text) || token.href]);
    case "table":
      return [
        wide(
          "Table",
          element("table", {}, cells("th", token.header), ...token.rows.map((row) => cells("td", row))),
        ),
      ];
    case "text":
      return "tokens" in token && token.tokens ? all(token.tokens) : [plain(token.text)];
    case "escape":
      return [plain(token.text)];
    case "space":
      return [];
    default:
      return [token.raw];
  }
}

/** Markdown as nodes of the page. */
export const markdown = (text: string): (Node | string)[] =>
  text.length > maxRead ? [element("p", {}, text)] : all(new Lexer().lex(text));
