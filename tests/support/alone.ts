/** Test files that need a workerd to themselves: they count or search what the whole platform holds, or break it. */
export const alone = [
  "tests/faults/bombs/request-bodies.test.ts",
  // What listens in the background, with sockets and timers that belong to the object which runs a file.
  "tests/unit/client/**/*.test.ts",
  "tests/unit/analytics/calls-today.test.ts",
  "tests/unit/analytics/counting.test.ts",
  "tests/unit/conformance.test.ts",
  "tests/unit/identity/accounts/scrub-deleted-users.test.ts",
  "tests/unit/identity/gates/lowered-tier.test.ts",
  "tests/unit/identity/passwords/sign-in-locks.test.ts",
  "tests/unit/identity/sessions/misplaced-tokens.test.ts",
  "tests/unit/http/every-answer.test.ts",
  "tests/unit/observability/figures.test.ts",
  "tests/unit/observability/hand-over.test.ts",
  "tests/unit/observability/secrets.test.ts",
  "tests/unit/jobs/every-job.test.ts",
  "tests/unit/older-fields.test.ts",
  "tests/unit/query-plans.test.ts",
  // Days later, more subscriptions of all files together have ended than the job takes at a time.
  "tests/unit/subscriptions/cancel-subscription.test.ts",
  "tests/unit/subscriptions/create-subscription.test.ts",
  "tests/unit/subscriptions/payments/changes.test.ts",
  "tests/unit/system/health.test.ts",
  "tests/unit/system/maintenance/announce-maintenance.test.ts",
  "tests/unit/system/internal-health.test.ts",
  "tests/unit/system/logs-api.test.ts",
  "tests/unit/system/metrics-api.test.ts",
  // Clocks of its own, which whatever else runs in an isolate would take for the real ones.
  "tests/unit/questions/in-time.test.ts",
  "tests/unit/tasks/heartbeat.test.ts",
];
