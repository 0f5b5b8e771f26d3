import type { z } from "zod";

type Issue = z.core.$ZodIssue;

/** One thing that is wrong, where it is. */
export interface PlainIssue {
  path: PropertyKey[];
  message: string;
}

/** Whether an issue says no more than that the value is not of the kind that this branch of a union takes. */
const isAnotherKind = ({ path, code }: Issue): boolean =>
  path.length === 0 && (code === "invalid_type" || code === "invalid_value" || code === "invalid_union");

/** What is wrong with the branch of a union that was meant: the one whose kind the value has; else what each would take. */
function issuesOfUnion({ errors, message }: z.core.$ZodIssueInvalidUnion, path: PropertyKey[]): PlainIssue[] {
  const ofTheKind = errors.filter((branch) => !branch.some(isAnotherKind));
  const meant = (ofTheKind.length > 0 ? ofTheKind : errors).map((branch) => plainIssues(branch, path));
  const [likeliest] = meant
    .filter((branch) => branch.some((issue) => issue.path.length > path.length))
    .toSorted((one, other) => one.length - other.length);
  const reasons = [...new Set(meant.flat().map((issue) => issue.message))];
  return likeliest ?? [{ path, message: reasons.join("; or: ") || message }];
}

/**
 * Zod's issues with each told where it is: of a union what is wrong with the branch that was meant, of a record whose
 * key is refused why, and each key that nobody knows by itself.
 * @param above where the checked value is
 */
export const plainIssues = (issues: readonly Issue[], above: readonly PropertyKey[] = []): PlainIssue[] =>
  issues.flatMap((issue): PlainIssue[] => {
    const path = [...above, ...issue.path];
    switch (issue.code) {
      case "invalid_union":
        return issuesOfUnion(issue, path);
      case "invalid_key": {
        const name = JSON.stringify(String(issue.path.at(-1)));
        return issue.issues.map(({ message }) => ({ path, message: `The name ${name}: ${message}` }));
      }
      case "invalid_element":
        return plainIssues(issue.issues, path);
      case "unrecognized_keys":
        return issue.keys.map((key) => ({
          path: [...path, key],
          message: `Unrecognized key: ${JSON.stringify(key)}`,
        }));
      default:
        return [{ path, message: issue.message }];
    }
  });

/** The same as lines of text: `steps.write.action: Required`. */
export const issueLines = ({ issues }: { issues: readonly Issue[] }): string[] =>
  plainIssues(issues).map(({ path, message }) => `${path.map(String).join(".")}: ${message}`);
