import { useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useId } from "react";
import { type PersonaChat, personaChatQuery, publish } from "../../data/publication.ts";
import { useAction } from "../../parts/action.ts";
import { Loading, Problem } from "../../parts/page.tsx";
import {
  audienceNames,
  audiences,
  busyNames,
  busyWays,
  chatOf,
  personalisationNames,
  personalisations,
} from "./chat-form.ts";
import "../../styles/fields.css";

/** Who may talk with a persona, and how it talks with them. */
export function ChatTab({ persona }: { persona: string }) {
  const { data, error, refetch } = useQuery(personaChatQuery(persona));
  if (error && !data) return <Problem error={error} retry={() => void refetch()} />;
  if (!data) return <Loading what="its chat" />;
  return <ChatForm key={JSON.stringify(data)} persona={persona} chat={data} />;
}

function ChatForm({ persona, chat }: { persona: string; chat: PersonaChat }) {
  const [save, isSaving] = useAction((body: PersonaChat) => publish(persona, body), {
    done: "Saved",
    stale: [["persona-chat", persona]],
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    void save(chatOf(new FormData(event.currentTarget), chat));
  };
  return (
    <form className="form panel" onSubmit={submit} aria-label="Chat">
      <Check name="enabled" isOn={chat.enabled}>
        Others may talk with it
      </Check>
      <Choice label="Who" name="audience" chosen={chat.audience} names={audienceNames} words={audiences} />
      <Line
        label="Answers a day to anybody but you"
        name="daily"
        value={chat.daily_turns_per_person}
        isNumber
      >
        Visitors need a bound; without one there is none.
      </Line>
      <Line label="Fuel of an answer, at most" name="fuel" value={chat.fuel_per_turn} isNumber />
      <Lines label="Greeting" name="greeting" value={chat.greeting ?? ""} />
      <Lines label="What one might ask, one in a line" name="starters" value={chat.starters.join("\n")} />
      <fieldset>
        <legend>People in its place</legend>
        <Check name="handover" isOn={chat.handover.enabled}>
          One may ask for a person
        </Check>
        <Lines
          label="Words that bring one, one in a line"
          name="words"
          value={chat.handover.triggers?.words?.join("\n") ?? ""}
        />
      </fieldset>
      <fieldset>
        <legend>How it answers</legend>
        <Choice
          label="A message that comes meanwhile"
          name="busy"
          chosen={chat.on_busy}
          names={busyNames}
          words={busyWays}
        />
        <Choice
          label="What it is told of whom it talks with"
          name="personalisation"
          chosen={chat.personalisation}
          names={personalisationNames}
          words={personalisations}
        />
        <Check name="insights" isOn={chat.insights}>
          What is said is read for moods and topics, of whoever agrees
        </Check>
        <Check name="auto_title" isOn={chat.auto_title}>
          Conversations without a name get one after the first answer
        </Check>
        <Lines label="Tools, one in a line" name="tools" value={chat.tools.join("\n")} />
        <Line label="Workflow that its turns follow" name="workflow" value={chat.chat_workflow} />
      </fieldset>
      <div className="actions">
        <button type="submit" className="primary" disabled={isSaving}>
          Save
        </button>
      </div>
    </form>
  );
}

function Check({ name, isOn, children }: { name: string; isOn: boolean; children: ReactNode }) {
  const id = useId();
  return (
    <div className="field check">
      <input id={id} type="checkbox" name={name} defaultChecked={isOn} />
      <label htmlFor={id}>{children}</label>
    </div>
  );
}

interface LineProps {
  label: string;
  name: string;
  value: string | number | null;
  isNumber?: boolean;
  children?: ReactNode;
}

function Line({ label, name, value, isNumber = false, children }: LineProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        name={name}
        defaultValue={value ?? ""}
        {...(isNumber ? { type: "number", min: 1 } : { maxLength: 100 })}
        aria-describedby={children ? `${id}-about` : undefined}
      />
      {children && (
        <p id={`${id}-about`} className="hint">
          {children}
        </p>
      )}
    </div>
  );
}

const Lines = ({ label, name, value }: { label: string; name: string; value: string }) => (
  <label className="field">
    {label}
    <textarea name={name} rows={3} defaultValue={value} />
  </label>
);

interface ChoiceProps<T extends string> {
  label: string;
  name: string;
  chosen: T;
  names: readonly T[];
  words: Readonly<Record<T, string>>;
}

const Choice = <T extends string>({ label, name, chosen, names, words }: ChoiceProps<T>) => (
  <label className="field">
    {label}
    <select name={name} defaultValue={chosen}>
      {names.map((each) => (
        <option key={each} value={each}>
          {words[each]}
        </option>
      ))}
    </select>
  </label>
);
