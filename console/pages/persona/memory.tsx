import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import {
  forgetMemory,
  foundMemoriesQuery,
  type Memory,
  memoriesQuery,
  saveMemory,
} from "../../data/memories.ts";
import { useAction } from "../../parts/action.ts";
import { Confirm, Dialog } from "../../parts/dialog.tsx";
import { SearchField } from "../../parts/filters.tsx";
import { Icon } from "../../parts/icons.tsx";
import { More } from "../../parts/more.tsx";
import { Empty, Loading, Problem } from "../../parts/page.tsx";
import { Ago, count } from "../../parts/time.tsx";
import "../../styles/fields.css";
import { Scroller } from "../../parts/scroller.tsx";

type Shown = Memory & { score?: number };

/** What a persona remembers: read, searched as its steps search, written, forgotten. */
export function MemoryTab({ persona }: { persona: string }) {
  const [search, setSearch] = useState<string>();
  const [edited, setEdited] = useState<Shown | "new">();
  const [toForget, setToForget] = useState<Shown>();
  const list = useInfiniteQuery(memoriesQuery(persona));
  const found = useQuery(foundMemoriesQuery(persona, search ?? ""));
  const stale = [["memories", persona]];
  const [forget, isBusy] = useAction((memory: Shown) => forgetMemory(persona, memory.id), {
    done: "Forgotten",
    stale,
  });
  const error = search ? found.error : list.error;
  const rows: Shown[] | undefined = search
    ? found.data
    : list.data?.pages.flatMap(({ memories }) => memories);
  return (
    <>
      <div className="filters">
        <SearchField label="What it knows of…" value={search} onChange={setSearch} />
        <button type="button" onClick={() => setEdited("new")}>
          <Icon name="plus" /> Add
        </button>
      </div>
      {error && <Problem error={error} />}
      {!rows && !error && <Loading what="memories" />}
      {rows?.length === 0 && (
        <Empty title={search ? "It knows nothing of that" : "It remembers nothing yet"}>
          <p>{search ? "Other words may find more." : "What its steps store is here, and what you add."}</p>
        </Empty>
      )}
      {rows && rows.length > 0 && (
        <Scroller label="Memories">
          <table className="list">
            <caption className="sr">Memories</caption>
            <thead>
              <tr>
                <th scope="col">Memory</th>
                <th scope="col">Type</th>
                <th scope="col" className="num">
                  {search ? "Score" : "Recalled"}
                </th>
                <th scope="col">Made</th>
                <th scope="col">
                  <span className="sr">Change</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((memory) => (
                <tr key={memory.id}>
                  <td className="wrap">{memory.content}</td>
                  <td>
                    <code>{memory.type}</code>
                  </td>
                  <td className="num">
                    {memory.score === undefined ? count(memory.uses) : memory.score.toFixed(2)}
                  </td>
                  <td>
                    <Ago at={memory.created_at} />
                  </td>
                  <td className="num">
                    <button type="button" className="bare" onClick={() => setEdited(memory)}>
                      Edit
                    </button>
                    <button type="button" className="bare" onClick={() => setToForget(memory)}>
                      Forget
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroller>
      )}
      {!search && <More list={list} />}
      {edited && (
        <MemoryDialog
          persona={persona}
          memory={edited === "new" ? undefined : edited}
          onClose={() => setEdited(undefined)}
        />
      )}
      {toForget && (
        <Confirm
          title="Forget this?"
          action="Forget"
          isBusy={isBusy}
          onConfirm={() => void forget(toForget).then(() => setToForget(undefined))}
          onClose={() => setToForget(undefined)}
        >
          <p>“{toForget.content.slice(0, 200)}” is gone then, for every later run.</p>
        </Confirm>
      )}
    </>
  );
}

interface MemoryDialogProps {
  persona: string;
  memory: Shown | undefined;
  onClose: () => void;
}

function MemoryDialog({ persona, memory, onClose }: MemoryDialogProps) {
  const [content, setContent] = useState(memory?.content ?? "");
  const [type, setType] = useState(memory?.type ?? "note");
  const [save, isBusy] = useAction(() => saveMemory(persona, memory?.id, { content, type }), {
    done: memory ? "Changed" : "Added",
    stale: [["memories", persona]],
  });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await save()) onClose();
  };
  return (
    <Dialog title={memory ? "Change a memory" : "Add a memory"} onClose={onClose}>
      <form className="form" onSubmit={(event) => void submit(event)}>
        <label className="field">
          What to remember
          <textarea required rows={4} value={content} onChange={(event) => setContent(event.target.value)} />
        </label>
        <label className="field">
          Type
          <input required maxLength={64} value={type} onChange={(event) => setType(event.target.value)} />
        </label>
        <div className="actions">
          <button type="submit" className="primary" disabled={isBusy}>
            {memory ? "Save" : "Add"}
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}
