interface DayFieldProps {
  label: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

/** A day that stands in the address. */
export const DayField = ({ label, value, onChange }: DayFieldProps) => (
  <label className="select">
    <span>{label}</span>
    <input type="date" value={value ?? ""} onChange={(event) => onChange(event.target.value || undefined)} />
  </label>
);
