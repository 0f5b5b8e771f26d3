/** Fills in once the use cases it calls are there. */
export async function seedDemo(_stateDirectory: string, _gatewayConfig: string): Promise<void> {}
