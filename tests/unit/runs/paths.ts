export const runPath = (id: string) => `/api/v1/personas/runs/${id}`;
