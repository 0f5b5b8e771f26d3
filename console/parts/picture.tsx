import { useQuery } from "@tanstack/react-query";
import { dataOf } from "#client/index.ts";
import { api } from "../session/client.ts";

interface PictureProps {
  /** An address of ours, as runs and messages have it. */
  src: string;
  /** The same with a signature, where that is known. */
  signed?: string;
  alt: string;
  className?: string;
}

/** A signed address is asked for anew before it is good no more. */
const freshMs = 9 * 60_000;

const shape = /^\/api\/v1\/images\/([^/]+)\/([^/]+)\/([^/]+)$/;

/** A picture that a run has made. Browsers send no token for it, so that its address is signed. */
export function Picture({ src, signed, alt, className = "picture" }: PictureProps) {
  const [, client_id = "", run = "", file = ""] = shape.exec(src) ?? [];
  const { data, error } = useQuery({
    queryKey: ["picture", src],
    queryFn: async ({ signal }) =>
      dataOf(
        await api.GET("/api/v1/images/{client_id}/{run}/{file}/address", {
          params: { path: { client_id, run, file } },
          signal,
        }),
      ).image_url,
    enabled: signed === undefined,
    staleTime: freshMs,
  });
  const address = signed ?? data;
  if (error && !address) return <span className="meta">The picture cannot be shown.</span>;
  if (!address) return <span className={`${className} shape`} role="img" aria-label={`${alt}, loading`} />;
  return <img className={className} src={address} alt={alt} loading="lazy" />;
}
