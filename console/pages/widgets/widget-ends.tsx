import { useState } from "react";
import { changeWidget, deleteWidget, rotateSecret, staleWidgets, type Widget } from "../../data/widgets.ts";
import { useAction } from "../../parts/action.ts";

interface WidgetEndsProps {
  widget: Widget;
  onSecret: (secret: string) => void;
  onClose: () => void;
}

/** Switches a widget off and on, gives it another secret, and takes it away once that is said twice. */
export function WidgetEnds({ widget: { id, enabled }, onSecret, onClose }: WidgetEndsProps) {
  const [isSure, setSure] = useState(false);
  const stale = staleWidgets;
  const closing = (isDone: boolean) => isDone && onClose();
  const [switchIt, isSwitching] = useAction(() => changeWidget(id, { enabled: !enabled }), {
    done: enabled ? "Switched off: it lets nobody in" : "Switched on",
    stale,
  });
  const [rotate, isRotating] = useAction(async () => onSecret(await rotateSecret(id)));
  const [remove, isRemoving] = useAction(() => deleteWidget(id), { done: "The widget is gone", stale });
  return (
    <>
      <button type="button" disabled={isSwitching} onClick={() => void switchIt().then(closing)}>
        {enabled ? "Switch off" : "Switch on"}
      </button>
      <button type="button" disabled={isRotating} onClick={() => void rotate()}>
        New secret
      </button>
      <button
        type="button"
        className="danger"
        disabled={isRemoving}
        onClick={() => (isSure ? void remove().then(closing) : setSure(true))}
      >
        {isSure ? "Delete it for good" : "Delete"}
      </button>
    </>
  );
}
