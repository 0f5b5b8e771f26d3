/**
 * Tells a hearer. What it throws is thrown once more where nobody catches it, so that whoever wrote the hearer sees it
 * and nobody else goes without.
 */
export function tell<T extends readonly unknown[]>(
  hear: ((...told: T) => void) | undefined,
  ...told: T
): void {
  try {
    hear?.(...told);
  } catch (error) {
    report(error);
  }
}

/** Throws where nobody catches: as the runtime reports what is uncaught. */
export function report(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
