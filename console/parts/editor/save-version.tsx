import { useState } from "react";
import { PersonaError } from "#client/errors.ts";
import { Dialog } from "../dialog.tsx";
import { Difference } from "../difference/difference.tsx";
import { readable } from "../difference/readable.ts";
import { tell } from "../messages.tsx";
import { Problem } from "../page.tsx";

/** A configuration or a plan, as of one version. */
export interface Versioned {
  version: number;
  content: Record<string, unknown>;
}

interface SaveVersionProps {
  /** What was read when the writing began. */
  base: Versioned;
  /** What is written; undefined while it cannot be read. */
  written: Record<string, unknown> | undefined;
  /** Writes the next version after one. @throws PersonaError with 409 where there is a newer */
  save: (content: Record<string, unknown>, version: number) => Promise<unknown>;
  /** What is stored now. */
  latest: () => Promise<Versioned>;
  onSaved: () => void;
}

/** Saves what was written as the next version, after a look at what it changes. */
export function SaveVersion(props: SaveVersionProps) {
  const { base, written } = props;
  const [isAsking, setAsking] = useState(false);
  const isChanged = written !== undefined && JSON.stringify(written) !== JSON.stringify(base.content);
  return (
    <>
      <button type="button" className="primary" disabled={!isChanged} onClick={() => setAsking(true)}>
        Save
      </button>
      {isAsking && written && <Asking {...props} written={written} onClose={() => setAsking(false)} />}
    </>
  );
}

type AskingProps = SaveVersionProps & { written: Record<string, unknown>; onClose: () => void };

function Asking({ base, written, save, latest, onSaved, onClose }: AskingProps) {
  /** What was saved by somebody else meanwhile. */
  const [theirs, setTheirs] = useState<Versioned>();
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const before = theirs ?? base;
  const submit = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await save(written, before.version);
      tell(`Saved as version ${before.version + 1}`);
      onSaved();
      onClose();
    } catch (failure) {
      if (failure instanceof PersonaError && failure.status === 409) await latest().then(setTheirs, setError);
      else setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog title={`Save version ${before.version + 1}`} onClose={onClose} isWide>
      {error !== undefined && <Problem error={error} />}
      <p>
        {theirs
          ? `Version ${theirs.version} was saved meanwhile. This is what yours would change of it.`
          : `This changes version ${before.version}.`}
      </p>
      <Difference
        label={`Version ${before.version} and yours`}
        before={readable(before.content)}
        after={readable(written)}
      />
      <div className="actions">
        <button type="button" className="primary" disabled={isBusy} onClick={() => void submit()}>
          {theirs ? "Save over theirs" : "Save it"}
        </button>
        <button type="button" onClick={onClose}>
          Go on writing
        </button>
      </div>
    </Dialog>
  );
}
