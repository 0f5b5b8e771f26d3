import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { imagesQuery } from "../../data/memories.ts";
import { More } from "../../parts/more.tsx";
import { Empty, Loading, Problem } from "../../parts/page.tsx";
import { Picture } from "../../parts/picture.tsx";
import { Ago } from "../../parts/time.tsx";

/** Pictures that a persona has made, newest first. */
export function ImagesTab({ persona }: { persona: string }) {
  const list = useInfiniteQuery(imagesQuery(persona));
  const images = list.data?.pages.flatMap((page) => page.images);
  if (list.error) return <Problem error={list.error} retry={() => void list.refetch()} />;
  if (!images) return <Loading what="images" />;
  if (images.length === 0)
    return (
      <Empty title="It has made no pictures">
        <p>Steps that draw leave theirs here.</p>
      </Empty>
    );
  return (
    <>
      <ul className="pictures">
        {images.map(({ image_uri, image_url, correlation_id, step, created_at }) => (
          <li key={image_uri}>
            <Picture src={image_uri} signed={image_url} alt={`Picture of step ${step}`} className="tile" />
            <p className="meta">
              <Link to="/runs/$run" params={{ run: correlation_id }}>
                {step}
              </Link>{" "}
              · <Ago at={created_at} />
            </p>
          </li>
        ))}
      </ul>
      <More list={list} />
    </>
  );
}
