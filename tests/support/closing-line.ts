import type { Reporter, TestModule } from "vitest/node";

/** Ends the output with one plain line that any runner can read. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const results = modules
      .flatMap((module) => [...module.children.allTests()])
      .map((test) => test.result().state);
    const count = (state: string) => results.filter((result) => result === state).length;
    const broken = modules.filter((module) => module.state() === "failed").length;
    const failed = Math.max(count("failed"), broken);
    console.log(`\n${count("passed")} passed, ${failed} failed, ${count("skipped")} skipped`);
  }
}
