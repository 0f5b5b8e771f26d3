import { useEffect, useState } from "react";
import { onText } from "./live.ts";

/** A text that a task is writing. */
interface LiveText {
  taskId: string;
  step: string;
  text: string;
}

/** The texts of a run while they are written, drawn at most once a frame. */
export function useRunTexts(runId: string, isRunning: boolean): readonly LiveText[] {
  const [texts, setTexts] = useState<readonly LiveText[]>([]);
  useEffect(() => {
    if (!isRunning) return;
    const now = new Map<string, LiveText>();
    let frame = 0;
    const stop = onText(runId, ({ taskId, step, text }) => {
      now.set(taskId, { taskId, step, text });
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        setTexts([...now.values()]);
      });
    });
    return () => {
      stop();
      cancelAnimationFrame(frame);
      setTexts([]);
    };
  }, [runId, isRunning]);
  return texts;
}
