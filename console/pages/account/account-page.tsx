import { useQuery } from "@tanstack/react-query";
import { dataOf } from "#client/index.ts";
import { Loading, Page, Problem } from "../../parts/page.tsx";
import { api } from "../../session/client.ts";
import { ComfortForm } from "./comfort-form.tsx";
import { Leaving } from "./leaving.tsx";
import { LookForm } from "./look-form.tsx";
import { OwnData } from "./own-data.tsx";
import { PasswordForm } from "./password-form.tsx";
import { ProfileForm } from "./profile-form.tsx";
import { Sessions } from "./sessions.tsx";
import "../../styles/fields.css";
import "../../styles/pages.css";

/** One's own account: who one is, how one signs in, where one is signed in. */
export function AccountPage() {
  const profile = useQuery({
    queryKey: ["profile"],
    queryFn: async ({ signal }) => dataOf(await api.GET("/api/v1/user/profile", { signal })),
  });
  return (
    <Page title="Account" about={profile.data && <p className="meta">{profile.data.email}</p>}>
      {profile.error && <Problem error={profile.error} retry={() => void profile.refetch()} />}
      {profile.isPending && <Loading what="your account" />}
      {profile.data && (
        <div className="account">
          <div className="stack">
            <ProfileForm profile={profile.data} />
            <OwnData />
          </div>
          <div className="stack">
            <LookForm />
            <ComfortForm />
            <PasswordForm />
          </div>
          <Sessions />
          <Leaving />
        </div>
      )}
    </Page>
  );
}
