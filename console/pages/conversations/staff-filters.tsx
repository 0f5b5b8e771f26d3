import type { StaffFilter } from "../../data/conversations.ts";
import { DayField } from "../../parts/day-field.tsx";
import { SearchField, SelectField } from "../../parts/filters.tsx";

interface StaffFiltersProps {
  filter: StaffFilter;
  onChange: (change: StaffFilter) => void;
}

/** What the staff looks for among conversations. It stands in the address. */
export function StaffFilters({ filter, onChange }: StaffFiltersProps) {
  return (
    <search className="filters">
      <SearchField label="What was said" value={filter.q} onChange={(q) => onChange({ q })} />
      <SelectField
        label="Held by"
        value={filter.holder}
        options={[
          { value: "queue", name: "nobody: waits for a person" },
          { value: "user", name: "a person" },
          { value: "persona", name: "the persona" },
        ]}
        onChange={(holder) => onChange({ holder })}
      />
      <SelectField
        label="Status"
        value={filter.status}
        options={[
          { value: "active", name: "goes on" },
          { value: "waiting", name: "waits" },
          { value: "ended", name: "ended" },
        ]}
        onChange={(status) => onChange({ status })}
      />
      <SelectField
        label="Read by its owner"
        value={filter.unread}
        options={[
          { value: "true", name: "not all of it" },
          { value: "false", name: "all of it" },
        ]}
        onChange={(unread) => onChange({ unread })}
      />
      <SelectField
        label="Flagged"
        value={filter.flagged}
        options={[
          { value: "true", name: "to be decided on" },
          { value: "false", name: "nothing" },
        ]}
        onChange={(flagged) => onChange({ flagged })}
      />
      <SelectField
        label="Order"
        value={filter.sort ?? "last_message_at"}
        options={[
          { value: "last_message_at", name: "last said" },
          { value: "started_at", name: "last begun" },
        ]}
        all=""
        onChange={(sort) => onChange({ sort: sort === "started_at" ? sort : undefined })}
      />
      <DayField label="From" value={filter.start_date} onChange={(start_date) => onChange({ start_date })} />
      <DayField label="To" value={filter.end_date} onChange={(end_date) => onChange({ end_date })} />
      <details className="filters" open={isNarrowedByIds(filter)}>
        <summary>By id</summary>
        <SearchField
          label="Owner's id"
          value={filter.user_id}
          onChange={(user_id) => onChange({ user_id })}
        />
        <SearchField
          label="Id of who it is assigned to"
          value={filter.admin_id}
          onChange={(admin_id) => onChange({ admin_id })}
        />
        <SearchField
          label="Persona's id"
          value={filter.instance_id}
          onChange={(instance_id) => onChange({ instance_id })}
        />
      </details>
    </search>
  );
}

const isNarrowedByIds = ({ user_id, admin_id, instance_id }: StaffFilter): boolean =>
  [user_id, admin_id, instance_id].some((id) => id !== undefined);
