import { lexer, type MarkedToken, type Token, type Tokens } from "marked";
import { Fragment, memo, type ReactNode } from "react";
import { keyed, reachable } from "./keyed.ts";
import { Picture } from "./picture.tsx";
import "../styles/values.css";

/** Texts longer than this are shown as they are: reading them as Markdown would hold the page up. */
const maxRead = 200_000;

/** The address of a link, where it is one that may be followed. */
export function safeAddress(address: string): string | undefined {
  if (!URL.canParse(address, location.origin)) return undefined;
  const { protocol, href } = new URL(address, location.origin);
  return ["http:", "https:", "mailto:"].includes(protocol) ? href : undefined;
}

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
const plain = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#39);/g, (whole, name: string) => entities[name] ?? whole);

const all = (tokens: readonly Token[] | undefined): ReactNode =>
  keyed(tokens ?? []).map(({ key, thing }) => <Fragment key={key}>{drawn(thing)}</Fragment>);

const headings = ["h3", "h4", "h5", "h6"] as const;

/** Whether a token is of the kinds that the lexer knows by itself. */
const isKnown = (token: Token): token is MarkedToken => token.type in known;
const known = Object.fromEntries(
  [
    ...["heading", "paragraph", "strong", "em", "del", "codespan", "code", "blockquote", "br", "hr", "list"],
    ...["link", "image", "table", "text", "escape", "space", "html"],
  ].map((type) => [type, true]),
);

function drawn(token: Token): ReactNode {
  if (!isKnown(token)) return token.raw;
  switch (token.type) {
    case "heading": {
      const Heading = headings[Math.min(token.depth - 1, 3)] ?? "h6";
      return <Heading>{all(token.tokens)}</Heading>;
    }
    case "paragraph":
      return <p>{all(token.tokens)}</p>;
    case "strong":
      return <strong>{all(token.tokens)}</strong>;
    case "em":
      return <em>{all(token.tokens)}</em>;
    case "del":
      return <del>{all(token.tokens)}</del>;
    case "codespan":
      return <code>{plain(token.text)}</code>;
    case "code":
      return <Pre text={token.text} />;
    case "blockquote":
      return <blockquote>{all(token.tokens)}</blockquote>;
    case "br":
      return <br />;
    case "hr":
      return <hr />;
    case "list":
      return <List list={token} />;
    case "link":
      return <Anchor link={token} />;
    case "image":
      return token.href.startsWith("/api/v1/images/") ? (
        <Picture src={token.href} alt={token.text} />
      ) : (
        `[${token.text}]`
      );
    case "table":
      return <Table table={token} />;
    case "text":
      return "tokens" in token && token.tokens ? all(token.tokens) : plain(token.text);
    case "escape":
      return plain(token.text);
    case "space":
      return null;
    default:
      // Of what looks like HTML, the text.
      return token.raw;
  }
}

/** Text as it is, which may be wider than its place. */
export const Pre = ({ text, label = "Text" }: { text: string; label?: string }) => (
  <section aria-label={label} className="pre" {...reachable}>
    <pre>
      <code>{text}</code>
    </pre>
  </section>
);

function List({ list }: { list: Tokens.List }) {
  const Kind = list.ordered ? "ol" : "ul";
  return (
    <Kind>
      {keyed(list.items).map(({ key, thing }) => (
        <li key={key}>{all(thing.tokens)}</li>
      ))}
    </Kind>
  );
}

function Anchor({ link }: { link: Tokens.Link }) {
  const address = safeAddress(link.href);
  if (address === undefined) return all(link.tokens);
  return (
    <a href={address} target="_blank" rel="noopener noreferrer">
      {all(link.tokens)}
    </a>
  );
}

const Table = ({ table }: { table: Tokens.Table }) => (
  <section className="scroll" aria-label="Table" {...reachable}>
    <table>
      <thead>
        <tr>
          {keyed(table.header).map(({ key, thing }) => (
            <th key={key}>{all(thing.tokens)}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {keyed(table.rows).map(({ key, thing: cells }) => (
          <tr key={key}>
            {keyed(cells).map(({ key: column, thing }) => (
              <td key={column}>{all(thing.tokens)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);

/** Markdown as elements. No HTML is made of it at any time, so there is none to be cleaned. */
export const Markdown = memo(function Markdown({ text }: { text: string }) {
  if (text.length > maxRead) return <Pre text={text} />;
  return <div className="prose">{all(lexer(text))}</div>;
});
