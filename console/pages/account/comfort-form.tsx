import { useId, useState } from "react";
import { desktopNotices, singleKeys } from "../../parts/choices.ts";
import { tell } from "../../parts/messages.tsx";

/** How the console behaves in this browser: its single keys, and what it tells the desktop. */
export function ComfortForm() {
  const id = useId();
  const [keys, setKeys] = useState(singleKeys.isOn);
  const [notices, setNotices] = useState(desktopNotices.isOn);
  const isRefused = "Notification" in window && Notification.permission === "denied";

  const chooseKeys = (isOn: boolean) => {
    setKeys(isOn);
    singleKeys.choose(isOn);
  };
  const chooseNotices = async (isOn: boolean) => {
    const isGranted = !isOn || (await Notification.requestPermission()) === "granted";
    if (!isGranted) tell("The browser does not let the console notify you");
    setNotices(isOn && isGranted);
    desktopNotices.choose(isOn && isGranted);
  };

  return (
    <fieldset className="panel">
      <legend className="sr">In this browser</legend>
      <h2>In this browser</h2>
      <div className="field check">
        <input
          id={`${id}-keys`}
          type="checkbox"
          checked={keys}
          onChange={(event) => chooseKeys(event.target.checked)}
          aria-describedby={`${id}-about-keys`}
        />
        <label htmlFor={`${id}-keys`}>Single-key shortcuts</label>
        <p className="hint" id={`${id}-about-keys`}>
          Such as <kbd>j</kbd> and <kbd>k</kbd>. Arrows, <kbd>Ctrl K</kbd> and <kbd>Ctrl Enter</kbd> always
          work.
        </p>
      </div>
      <div className="field check">
        <input
          id={`${id}-notices`}
          type="checkbox"
          checked={notices}
          disabled={isRefused}
          onChange={(event) => void chooseNotices(event.target.checked)}
          aria-describedby={`${id}-about-notices`}
        />
        <label htmlFor={`${id}-notices`}>Desktop notifications</label>
        <p className="hint" id={`${id}-about-notices`}>
          {isRefused
            ? "Your browser refuses them; its settings for this site allow them again."
            : "Of decisions that wait for you, while the console is open and you look elsewhere."}
        </p>
      </div>
    </fieldset>
  );
}
