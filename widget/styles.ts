/** How the widget looks. Sides are logical, so that it turns with the page's direction. */
const css = `
:host{--accent:#1f5fbf;--on-accent:#fff;--ground:#fff;--ink:#1b1f24;--soft:#59636e;--line:#d1d9e0;--own:#eaf1fb;
position:fixed;inset-block-end:16px;inset-inline-end:16px;z-index:2147483000;color-scheme:light;
font:15px/1.5 system-ui,sans-serif;color:var(--ink)}
:host([side=left]){inset-inline:16px auto}
:host([scheme=dark]){--ground:#161b22;--ink:#e6edf3;--soft:#9aa4ae;--line:#3d444d;--own:#1d2d44;color-scheme:dark}
@media(prefers-color-scheme:dark){:host([scheme=auto]){--ground:#161b22;--ink:#e6edf3;--soft:#9aa4ae;--line:#3d444d;
--own:#1d2d44;color-scheme:dark}}
*{box-sizing:border-box}[hidden]{display:none!important}
button{font:inherit;color:inherit;background:none;border:1px solid var(--line);border-radius:8px;padding:6px 10px;
min-block-size:32px;cursor:pointer}
button.main{background:var(--accent);color:var(--on-accent);border-color:transparent}
button[aria-pressed=true]{border-color:currentColor;background:var(--own)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.launcher{border-radius:24px;padding:10px 20px;box-shadow:0 2px 8px #0004}
.panel{display:flex;flex-direction:column;inline-size:min(380px,calc(100vw - 32px));
block-size:min(600px,calc(100vh - 32px));background:var(--ground);border:1px solid var(--line);border-radius:12px;
overflow:hidden;box-shadow:0 4px 24px #0004}
header{display:flex;align-items:center;gap:8px;padding:10px 14px;border-block-end:1px solid var(--line)}
h2{font-size:16px;margin:0;flex:1;overflow-wrap:anywhere}
.state{padding:4px 14px;font-size:13px;color:var(--soft)}
.state:empty{display:none}
.log{flex:1;overflow-y:auto;padding:14px;display:flex;flex-direction:column;gap:10px}
.line{max-inline-size:88%;align-self:start;overflow-wrap:anywhere}
.line.user{align-self:end;background:var(--own);border-radius:12px;padding:8px 12px;white-space:pre-wrap}
.line.system{align-self:center;font-size:13px;color:var(--soft)}
.line p,.line ul,.line ol,.line blockquote{margin:0 0 8px}
.line blockquote{border-inline-start:3px solid var(--line);padding-inline-start:10px}
.line ul,.line ol{padding-inline-start:22px}
.wide{overflow-x:auto;margin-block-end:8px}
pre{margin:0;padding:8px;border:1px solid var(--line);border-radius:8px}
code{font:13px ui-monospace,monospace}
table{border-collapse:collapse}td,th{border:1px solid var(--line);padding:3px 8px;text-align:start}
a{color:inherit}
.row{display:flex;flex-wrap:wrap;gap:6px;align-items:center;font-size:13px}
.more{padding:0 14px 8px}
form{display:flex;gap:8px;padding:10px 14px;border-block-start:1px solid var(--line);align-items:end}
textarea{flex:1;font:inherit;color:inherit;background:var(--ground);border:1px solid var(--soft);border-radius:8px;
padding:7px 10px;resize:none;block-size:60px}
.unseen{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.writing::after{content:"▍";animation:blink 1s steps(2) infinite}
@keyframes blink{50%{opacity:0}}
@media(prefers-reduced-motion:reduce){.writing::after{animation:none}}
`;

/** Made by a script and not written into the page: its policy has nothing to say about it. */
export function styleSheet(): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
}

/** Black or white, whichever is easier to read on a colour. */
export function inkOn(colour: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return light > 0.179 ? "#000" : "#fff";
}
