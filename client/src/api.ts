import createClient, { type ClientOptions } from "openapi-fetch";
import type { paths } from "./api-types.ts";

/**
 * The platform's API as it is, typed from its OpenAPI document.
 *
 * @example
 * const api = apiClient({ baseUrl: "http://127.0.0.1:8787", token });
 * const { data, error } = await api.GET("/api/v1/personas/instances");
 */
export function apiClient({ token, ...options }: ClientOptions & { token?: string }) {
  return createClient<paths>({
    ...options,
    headers: token ? { authorization: `Bearer ${token}` } : undefined,
  });
}

export type ApiClient = ReturnType<typeof apiClient>;
