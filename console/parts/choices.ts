/** Something that is chosen in this browser, and kept there: on or off. */
interface Choice {
  isOn: () => boolean;
  choose: (isOn: boolean) => void;
}

/**
 * @param name under which it is kept
 * @param usual what it is until somebody chooses; only the other is kept
 */
const choice = (name: string, usual: boolean): Choice => ({
  isOn: () => (localStorage.getItem(name) === null ? usual : !usual),
  choose: (isOn) =>
    isOn === usual ? localStorage.removeItem(name) : localStorage.setItem(name, String(isOn)),
});

/** Whether single keys mean something: whoever speaks to their machine, or shakes, is better off without. */
export const singleKeys = choice("single-keys", true);

/** Whether the desktop tells of decisions that wait. */
export const desktopNotices = choice("desktop-notices", false);
