import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { refusalOf } from "#client/errors.ts";
import { signedFetch } from "../session/client.ts";

/** The picture of an account, fetched as the signed-in one: browsers send no token of their own. */
export function Avatar({
  src,
  alt,
  className = "picture",
}: {
  src: string;
  alt: string;
  className?: string;
}) {
  const { data: blob, error } = useQuery({
    queryKey: ["picture", src],
    queryFn: async () => {
      const response = await signedFetch(new Request(new URL(src, location.origin)));
      if (!response.ok) throw await refusalOf(response);
      return response.blob();
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    if (!blob) return;
    const made = URL.createObjectURL(blob);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  if (error) return <span className="meta">The picture cannot be shown.</span>;
  if (!address) return <span className={`${className} shape`} role="img" aria-label={`${alt}, loading`} />;
  return <img className={className} src={address} alt={alt} />;
}
