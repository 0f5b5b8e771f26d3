import { analyticsWords } from "./analytics-words.ts";
import { chatWords } from "./chat-words.ts";
import { commerceWords } from "./commerce-words.ts";
import { personWords } from "./person-words.ts";

/** The words of subjects that have a file of their own. */
export const subjectWords: Readonly<Record<string, string>> = {
  ...analyticsWords,
  ...chatWords,
  ...commerceWords,
  ...personWords,
};
