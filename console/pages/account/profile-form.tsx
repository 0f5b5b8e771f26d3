import { type FormEvent, useRef } from "react";
import { refusalOf } from "#client/errors.ts";
import { type components, dataOf } from "#client/index.ts";
import { useAction } from "../../parts/action.ts";
import { Avatar } from "../../parts/avatar.tsx";
import { api, signedFetch } from "../../session/client.ts";

const fields = [
  ["first_name", "First name", 100, "given-name"],
  ["last_name", "Last name", 100, "family-name"],
  ["company", "Company", 255, "organization"],
  ["phone", "Phone", 50, "tel"],
] as const;

/** Names and picture. */
export function ProfileForm({ profile }: { profile: components["schemas"]["Profile"] }) {
  const file = useRef<HTMLInputElement>(null);
  const stale = [["profile"]];
  const [save, isSaving] = useAction(
    async (body: components["schemas"]["UpdateProfile"]) =>
      dataOf(await api.PUT("/api/v1/user/profile", { body })),
    { done: "Saved", stale },
  );
  const [upload, isUploading] = useAction(
    async (picture: File) => {
      const body = new FormData();
      body.set("file", picture);
      const response = await signedFetch(
        new Request(new URL("/api/v1/user/avatar", location.origin), { method: "POST", body }),
      );
      if (!response.ok) throw await refusalOf(response);
    },
    { done: "The picture is yours now", stale },
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const given = (name: string) => String(form.get(name) ?? "").trim() || null;
    void save(Object.fromEntries(fields.map(([name]) => [name, given(name)])));
  };
  const { avatar_url: avatar } = profile.profile;
  return (
    <form className="panel form" aria-labelledby="profile-title" onSubmit={submit}>
      <h2 id="profile-title">Profile</h2>
      <div className="avatar-row">
        {avatar?.startsWith("/") ? (
          <Avatar src={avatar} alt="Your picture" className="avatar" />
        ) : (
          <span className="avatar" aria-hidden="true">
            {profile.email.slice(0, 1).toUpperCase()}
          </span>
        )}
        <input
          ref={file}
          type="file"
          className="sr"
          tabIndex={-1}
          aria-label="Picture"
          accept="image/png,image/jpeg,image/webp,image/gif"
          onChange={({ target }) => {
            const [picture] = target.files ?? [];
            if (picture) void upload(picture);
          }}
        />
        <button type="button" disabled={isUploading} onClick={() => file.current?.click()}>
          Choose a picture
        </button>
        {avatar && (
          <button type="button" className="bare" onClick={() => void save({ avatar_url: null })}>
            Remove it
          </button>
        )}
      </div>
      {fields.map(([name, label, maxLength, autoComplete]) => (
        <label key={name} className="field">
          {label}
          <input
            name={name}
            defaultValue={profile.profile[name] ?? ""}
            maxLength={maxLength}
            autoComplete={autoComplete}
          />
        </label>
      ))}
      <div className="actions">
        <button type="submit" className="primary" disabled={isSaving}>
          Save
        </button>
      </div>
    </form>
  );
}
