export const wrong = "Wrong-Horse-9";

export const stranger = "203.0.113.9";

export const statuses = (answers: readonly Response[]): number[] => answers.map(({ status }) => status);
