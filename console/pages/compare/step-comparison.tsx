import type { RunStep, RunView } from "../../data/runs.ts";
import { DataTable } from "../../parts/data-table.tsx";
import { Status } from "../../parts/status.tsx";
import { count, duration } from "../../parts/time.tsx";
import { isSameOutput, stepPairs } from "./parts-of-runs.ts";

const timeOf = (step: RunStep | undefined): string =>
  step?.started_at && step.completed_at
    ? duration(Date.parse(step.completed_at) - Date.parse(step.started_at))
    : "–";

const statusOf = (step: RunStep | undefined) => (step ? <Status status={step.status} /> : "not in its plan");
const fuelOf = (step: RunStep | undefined): string => (step ? count(step.fuel) : "–");

/** Each step as both runs have it. */
export const StepComparison = ({ before, after }: { before: RunView; after: RunView }) => (
  <DataTable
    caption="Steps of both"
    rows={stepPairs(before, after)}
    keyOf={({ name }) => name}
    columns={[
      { name: "Step", cell: ({ name }) => name },
      { name: "First", cell: (pair) => statusOf(pair.before) },
      { name: "Second", cell: (pair) => statusOf(pair.after) },
      { name: "Output", cell: (pair) => (isSameOutput(pair) ? "the same" : <b>differs</b>) },
      { name: "Time of the first", isNumber: true, cell: (pair) => timeOf(pair.before) },
      { name: "Time of the second", isNumber: true, cell: (pair) => timeOf(pair.after) },
      { name: "Fuel of the first", isNumber: true, cell: (pair) => fuelOf(pair.before) },
      { name: "Fuel of the second", isNumber: true, cell: (pair) => fuelOf(pair.after) },
    ]}
  />
);
