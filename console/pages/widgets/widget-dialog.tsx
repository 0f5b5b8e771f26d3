import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useId } from "react";
import { instancesQuery } from "../../data/personas.ts";
import { changeWidget, makeWidget, staleWidgets, type Widget } from "../../data/widgets.ts";
import { useAction } from "../../parts/action.ts";
import { CopyButton } from "../../parts/copy.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { WidgetEnds } from "./widget-ends.tsx";
import { schemeNames, schemes, sideNames, sides, snippetOf, widgetOf } from "./widget-form.ts";
import "../../styles/fields.css";

interface WidgetDialogProps {
  /** Undefined for one that is to be made. */
  widget: Widget | undefined;
  /** Given a secret, which is shown this once. */
  onSecret: (secret: string) => void;
  onClose: () => void;
}

/** Makes a widget, or changes one: the pages that show it, how it looks, what it says. */
export function WidgetDialog({ widget, onSecret, onClose }: WidgetDialogProps) {
  const id = useId();
  const { data: own } = useQuery({ ...instancesQuery, enabled: !widget });
  const [save, isSaving] = useAction(
    async (form: FormData) => {
      const body = widgetOf(form);
      if (widget) await changeWidget(widget.id, body);
      else onSecret((await makeWidget({ ...body, instance_id: String(form.get("persona")).trim() })).secret);
    },
    { done: widget ? "Changed" : "The widget is there", stale: staleWidgets },
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    void save(new FormData(event.currentTarget)).then((isDone) => isDone && widget && onClose());
  };
  const texts = [
    ["title", "Above the conversation"],
    ["placeholder", "In the empty field"],
    ["launcher", "On the button that opens it"],
    ["away", "Outside of its hours"],
  ] as const;
  return (
    <Dialog title={widget?.name ?? "New widget"} onClose={onClose} isWide>
      <form className="form" onSubmit={submit}>
        {widget && (
          <div className="field">
            <span className="panel-head">
              Two lines for your pages{" "}
              <CopyButton text={snippetOf(location.origin, widget.key)} what="lines" />
            </span>
            <pre className="snippet">{snippetOf(location.origin, widget.key)}</pre>
          </div>
        )}
        <label className="field">
          Name
          <input name="name" required maxLength={100} defaultValue={widget?.name} />
        </label>
        {!widget && (
          <div className="field">
            <label htmlFor={`${id}-persona`}>Persona's id</label>
            <input
              id={`${id}-persona`}
              name="persona"
              required
              list={`${id}-own`}
              aria-describedby={`${id}-persona-about`}
            />
            <datalist id={`${id}-own`}>
              {own?.instances.map((persona) => (
                <option key={persona.id} value={persona.id}>
                  {persona.name}
                </option>
              ))}
            </datalist>
            <p id={`${id}-persona-about`} className="hint">
              Its chat has to be open to visitors: Personas, the persona, Chat.
            </p>
          </div>
        )}
        <div className="field">
          <label htmlFor={`${id}-origins`}>Pages that may show it, one in a line</label>
          <textarea
            id={`${id}-origins`}
            name="origins"
            required
            rows={2}
            className="mono"
            defaultValue={widget?.origins.join("\n")}
            aria-describedby={`${id}-origins-about`}
          />
          <p id={`${id}-origins-about`} className="hint">
            Scheme, host and port, as https://www.example.com
          </p>
        </div>
        <div className="field check">
          <input
            id={`${id}-identity`}
            type="checkbox"
            name="require_identity"
            defaultChecked={widget?.require_identity}
          />
          <label htmlFor={`${id}-identity`}>Only for visitors whom your server vouches for</label>
        </div>
        <fieldset className="columns">
          <legend>Look</legend>
          <label className="field">
            Colour
            <input
              name="accent"
              pattern="#[0-9a-fA-F]{6}"
              placeholder="#4f46e5"
              defaultValue={widget?.theme.accent}
            />
          </label>
          <label className="field">
            Scheme
            <select name="scheme" defaultValue={widget?.theme.scheme ?? "auto"}>
              {schemeNames.map((name) => (
                <option key={name} value={name}>
                  {schemes[name]}
                </option>
              ))}
            </select>
          </label>
          <label className="field">
            Side
            <select name="side" defaultValue={widget?.theme.side ?? "right"}>
              {sideNames.map((name) => (
                <option key={name} value={name}>
                  {sides[name]}
                </option>
              ))}
            </select>
          </label>
        </fieldset>
        <fieldset>
          <legend>Words, where yours are better than its own</legend>
          {texts.map(([name, label]) => (
            <label key={name} className="field">
              {label}
              <input name={name} maxLength={200} defaultValue={widget?.texts[name]} />
            </label>
          ))}
        </fieldset>
        <div className="actions">
          <button type="submit" className="primary" disabled={isSaving}>
            {widget ? "Save" : "Make it"}
          </button>
          {widget && <WidgetEnds widget={widget} onSecret={onSecret} onClose={onClose} />}
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}
