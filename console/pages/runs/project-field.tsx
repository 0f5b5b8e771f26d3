import { useQuery } from "@tanstack/react-query";
import { projectsQuery } from "../../data/projects.ts";
import { SelectField } from "../../parts/filters.tsx";

interface ProjectFieldProps {
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

/** Narrows to the personas of a project; nothing where there are none. */
export function ProjectField({ value, onChange }: ProjectFieldProps) {
  const { data: projects } = useQuery(projectsQuery);
  const options = (projects ?? []).map(({ id, name }) => ({ value: id, name }));
  if (options.length === 0) return null;
  return <SelectField label="Project" value={value} options={options} onChange={onChange} />;
}
