import { createInterface } from "node:readline";

/**
 * Asks at the terminal until the answer is yes or no.
 * @throws when there is nobody who could answer
 */
export async function askForApproval(): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  terminal.setPrompt("Do you approve it? (yes/no) ");
  terminal.prompt();
  for await (const answer of terminal) {
    if (/^y(es)?$/i.test(answer.trim())) return true;
    if (/^no?$/i.test(answer.trim())) return false;
    terminal.prompt();
  }
  throw new Error("Nobody answered; the run goes on waiting");
}
