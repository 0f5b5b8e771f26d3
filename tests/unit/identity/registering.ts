import { api } from "../../support/api.ts";

export const password = "Correct-Horse-9";

let number = 0;

export const account = (clientId: string) => ({
  email: `Person${number++}@Test.Example`,
  password,
  client_id: clientId,
});

export const register = async (clientId: string) => {
  const body = account(clientId);
  const { data } = await api().POST("/api/v1/auth/register", { body });
  if (!data?.refresh_token) throw new Error("not registered");
  return { body, tokens: { ...data, refresh_token: data.refresh_token } };
};
