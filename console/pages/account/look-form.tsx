import { useState } from "react";
import { chooseTheme, chosenTheme, type Theme, themes } from "../../parts/theme.ts";

const names: Record<Theme, string> = { system: "As the browser", light: "Light", dark: "Dark" };

/** How the console looks in this browser. */
export function LookForm() {
  const [theme, setTheme] = useState(chosenTheme);
  return (
    <fieldset className="panel">
      <legend className="sr">Look</legend>
      <h2>Look</h2>
      <div className="choices">
        {themes.map((each) => (
          <label key={each}>
            <input
              type="radio"
              name="theme"
              checked={each === theme}
              onChange={() => {
                setTheme(each);
                chooseTheme(each);
              }}
            />
            {names[each]}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
