import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "react";
import type { TextProblem } from "./plan-text.ts";

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: "light-dark(#4338ca, #a5b4fc)" },
  { tag: tags.string, color: "light-dark(#166534, #86efac)" },
  { tag: tags.number, color: "light-dark(#9a3412, #fdba74)" },
  { tag: [tags.keyword, tags.bool, tags.null], color: "light-dark(#9d174d, #f9a8d4)" },
  { tag: tags.comment, color: "light-dark(#57606f, #94a3b8)" },
]);

/** Marks are drawn with text: their usual pictures are `data:` addresses, which the page's policy refuses. */
const theme = EditorView.theme({
  "&": {
    height: "100%",
    fontSize: "12.5px",
    color: "light-dark(#171b26, #eceef4)",
    backgroundColor: "light-dark(#fff, #171a23)",
  },
  ".cm-scroller": { fontFamily: "ui-monospace, 'SF Mono', Menlo, Consolas, monospace", lineHeight: "1.6" },
  ".cm-content": { caretColor: "currentColor" },
  ".cm-gutters": { backgroundColor: "transparent", color: "light-dark(#545d70, #a3acc0)", border: "none" },
  ".cm-activeLine": { backgroundColor: "light-dark(#f0f1f580, #1f233080)" },
  "&.cm-focused": { outline: "2px solid light-dark(#4338ca, #a5b4fc)", outlineOffset: "-2px" },
  ".cm-lintRange": { backgroundImage: "none" },
  ".cm-lintRange-error": { textDecoration: "underline wavy light-dark(#b3261e, #ff8f87)" },
  ".cm-lintRange-warning": { textDecoration: "underline wavy light-dark(#8a5300, #f2b84b)" },
  ".cm-lint-marker": { content: "normal", width: "1em", height: "auto", fontWeight: "700" },
  ".cm-lint-marker-error::before": { content: "'✕'", color: "light-dark(#b3261e, #ff8f87)" },
  ".cm-lint-marker-warning::before": { content: "'!'", color: "light-dark(#8a5300, #f2b84b)" },
  ".cm-tooltip": {
    border: "1px solid light-dark(#dfe2ea, #2b3040)",
    borderRadius: "6px",
    backgroundColor: "light-dark(#fff, #1f2330)",
    color: "inherit",
  },
  ".cm-diagnostic": { padding: "6px 10px", border: "none", fontFamily: "system-ui, sans-serif" },
});

interface CodeProps {
  label: string;
  initial: string;
  problems: readonly TextProblem[];
  /** Where to look; each new object moves the view there. */
  target?: { from: number };
  onChange: (text: string) => void;
  /** Told where the cursor is. */
  onPlace: (place: number) => void;
}

/**
 * A text of code. It stands in a shadow root, so that its styles are constructed sheets, which the page's policy allows.
 * `Tab` leaves it, unless `Enter` was pressed in it before; `Esc` makes `Tab` leave again.
 */
export function Code({ label, initial, problems, target, onChange, onPlace }: CodeProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const told = useRef({ onChange, onPlace });
  useEffect(() => {
    told.current = { onChange, onPlace };
  });
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const root = element.shadowRoot ?? element.attachShadow({ mode: "open" });
    const box = document.createElement("div");
    box.style.height = "100%";
    root.replaceChildren(box);
    let isWriting = false;
    const made = new EditorView({
      parent: box,
      root,
      state: EditorState.create({
        doc: initial,
        extensions: [
          lineNumbers(),
          lintGutter(),
          history(),
          drawSelection(),
          highlightActiveLine(),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ "aria-label": label }),
          keymap.of([
            {
              key: "Tab",
              run: (editor) => isWriting && indentMore(editor),
              shift: (editor) => isWriting && indentLess(editor),
            },
            { key: "Escape", run: () => (isWriting = false) },
            {
              key: "Enter",
              run: () => {
                isWriting = true;
                return false;
              },
            },
            ...defaultKeymap,
            ...historyKeymap,
          ]),
          yaml(),
          syntaxHighlighting(colours),
          theme,
          EditorView.updateListener.of(({ docChanged, selectionSet, state }) => {
            if (docChanged) told.current.onChange(state.doc.toString());
            if (selectionSet) told.current.onPlace(state.selection.main.head);
          }),
        ],
      }),
    });
    view.current = made;
    return () => made.destroy();
  }, [initial, label]);

  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const { length } = editor.state.doc;
    const diagnostics: Diagnostic[] = problems.map(({ from, to, message, isWarning }) => ({
      from: Math.min(from, length),
      to: Math.min(Math.max(to, from), length),
      message,
      severity: isWarning ? "warning" : "error",
    }));
    editor.dispatch(setDiagnostics(editor.state, diagnostics));
  }, [problems]);

  useEffect(() => {
    if (target)
      view.current?.dispatch({
        effects: EditorView.scrollIntoView(target.from, { y: "start", yMargin: 40 }),
      });
  }, [target]);

  return <div className="code" ref={host} />;
}
