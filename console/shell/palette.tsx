import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useEffect, useId, useState } from "react";
import { searchQuery } from "../data/search.ts";
import { Dialog } from "../parts/dialog.tsx";
import { statusWord } from "../parts/status.tsx";
import { useActing } from "../session/use-session.ts";
import type { Place } from "./places.ts";
import "../styles/palette.css";

/** A question is asked when nothing has been typed for so long. */
const pauseMs = 150;

interface Choice {
  id: string;
  name: string;
  /** What kind of thing it is, and what else tells it from others. */
  about: string;
  open: () => unknown;
}

interface PaletteProps {
  places: readonly Place[];
  onClose: () => void;
}

/** What there is to go to for a text: pages at once, and what is one's own as the platform finds it. */
function useChoices(places: readonly Place[], text: string): Choice[] {
  const navigate = useNavigate();
  const [asked, setAsked] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text), pauseMs);
    return () => clearTimeout(timer);
  }, [text]);
  const isActing = useActing() !== undefined;
  // What it finds besides pages is one's own.
  const { data } = useQuery(searchQuery(isActing ? "" : asked));
  const found = text.length < 2 || isActing ? undefined : data;
  const pages = places.filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()));
  return [
    ...pages.map(({ to, name }) => ({ id: to, name, about: "Page", open: () => navigate({ to }) })),
    ...(found?.personas ?? []).map(({ id, name }) => ({
      id,
      name,
      about: "Persona",
      open: () => navigate({ to: "/personas/$persona", params: { persona: id } }),
    })),
    ...(found?.runs ?? []).map(({ id, name, status }) => ({
      id,
      name: name ?? "A persona that is gone",
      about: `Run …${id.slice(-6)} · ${statusWord(status)}`,
      open: () => navigate({ to: "/runs/$run", params: { run: id } }),
    })),
    ...(found?.messages ?? []).map((message) => ({
      id: message.message_id,
      name: message.snippet,
      about: "Conversation",
      open: () => navigate({ to: "/conversations", search: { chat: message.conversation_id } }),
    })),
  ];
}

const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };

/** Finds everything: a combobox over the list of what there is to go to. */
export function Palette({ places, onClose }: PaletteProps) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const listId = useId();
  const choices = useChoices(places, text.trim());
  const place = Math.min(at, choices.length - 1);
  const optionId = (index: number) => `${listId}-${index}`;
  const optionAtPlace = optionId(place);

  useEffect(() => {
    document.getElementById(optionAtPlace)?.scrollIntoView({ block: "nearest" });
  }, [optionAtPlace]);

  const open = (choice: Choice | undefined) => {
    if (!choice) return;
    onClose();
    choice.open();
  };
  const press = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (step !== undefined) setAt(Math.max(0, Math.min(choices.length - 1, place + step)));
    else if (event.key === "Enter") open(choices[place]);
    else return;
    event.preventDefault();
  };

  return (
    <Dialog title="Find everything" onClose={onClose}>
      <input
        type="text"
        role="combobox"
        aria-label="Page, persona, run or words"
        aria-expanded="true"
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={choices.length > 0 ? optionAtPlace : undefined}
        placeholder="Page, persona, run or words"
        maxLength={200}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={press}
      />
      <div className="palette" id={listId} role="listbox" aria-label="What there is">
        {choices.map((choice, index) => (
          <div
            key={`${choice.about} ${choice.id}`}
            id={optionId(index)}
            role="option"
            tabIndex={-1}
            aria-selected={index === place}
            onClick={() => open(choice)}
            onKeyDown={press}
          >
            <span>{choice.name}</span>
            <span className="meta">{choice.about}</span>
          </div>
        ))}
      </div>
      {choices.length === 0 && <p role="status">Nothing is called so.</p>}
    </Dialog>
  );
}
