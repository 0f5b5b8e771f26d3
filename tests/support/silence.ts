import type { Reporter, TestCase, TestModule } from "vitest/node";

/** Longer than the longest time that a test has. */
const maxSilenceMinutes = 11;

/**
 * Ends a run in which no test has come to its end for too long, and names the files that were at work. A test whose
 * runtime has no moment for timers is not ended by its own limit, and the run would wait for it for ever.
 */
export default class Silence implements Reporter {
  readonly #atWork = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;

  onTestModuleStart(module: TestModule): void {
    this.#atWork.set(module.id, module.relativeModuleId);
    this.#listen();
  }

  onTestCaseResult(_test: TestCase): void {
    this.#listen();
  }

  onTestModuleEnd(module: TestModule): void {
    this.#atWork.delete(module.id);
    this.#listen();
  }

  onTestRunEnd(): void {
    clearTimeout(this.#timer);
  }

  #listen(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      console.error(
        `\nNo test has ended for ${maxSilenceMinutes} minutes. At work: ${[...this.#atWork.values()].join(", ")}`,
      );
      process.exit(1);
    }, maxSilenceMinutes * 60_000);
    this.#timer.unref();
  }
}
