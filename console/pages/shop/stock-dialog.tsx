import { useQuery } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { dataOf } from "#client/index.ts";
import { locationsQuery, type Product, stockQuery } from "../../data/shop.ts";
import { useAction } from "../../parts/action.ts";
import { DataTable } from "../../parts/data-table.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Loading, Problem } from "../../parts/page.tsx";
import { count } from "../../parts/time.tsx";
import { api } from "../../session/client.ts";
import "../../styles/fields.css";

const reasons = ["received", "counted", "damaged", "transfer"] as const;

interface StockDialogProps {
  product: Product;
  mayManage: boolean;
  onClose: () => void;
}

/** How many of a product there are where, and what has come or gone. */
export function StockDialog({ product, mayManage, onClose }: StockDialogProps) {
  const { data: stock, error, refetch } = useQuery(stockQuery(product.id));
  const { data: locations = [] } = useQuery(locationsQuery);
  const nameOf = (id: string) => locations.find((location) => location.id === id)?.name ?? "A location";
  return (
    <Dialog title={`Stock of ${product.name}`} onClose={onClose} isWide>
      {error && !stock && <Problem error={error} retry={() => void refetch()} />}
      {!stock && !error && <Loading what="the stock" rows={2} />}
      {stock && (
        <DataTable
          caption="Stock"
          rows={stock}
          keyOf={({ location_id }) => location_id}
          columns={[
            { name: "Location", cell: ({ location_id }) => nameOf(location_id) },
            { name: "On hand", isNumber: true, cell: ({ on_hand }) => count(on_hand) },
            { name: "Held", isNumber: true, cell: ({ reserved }) => count(reserved) },
            { name: "Available", isNumber: true, cell: ({ available }) => count(available) },
          ]}
        />
      )}
      {mayManage && locations.length > 0 && <Adjust product={product} locations={locations} />}
      <div className="actions">
        <button type="button" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
}

function Adjust({
  product,
  locations,
}: {
  product: Product;
  locations: readonly { id: string; name: string }[];
}) {
  const [adjust, isBusy] = useAction(
    async (location_id: string, change: number, reason: (typeof reasons)[number]) =>
      dataOf(
        await api.POST("/api/v1/products/{product_id}/stock", {
          params: { path: { product_id: product.id } },
          body: { location_id, change, reason },
        }),
      ),
    { done: "Noted", stale: [["products"]] },
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const given = new FormData(form);
    const reason = reasons.find((each) => each === given.get("reason")) ?? "received";
    void adjust(String(given.get("location")), Number(given.get("change")), reason).then(
      (isDone) => isDone && form.reset(),
    );
  };
  return (
    <form className="filters" aria-label="What has come or gone" onSubmit={submit}>
      <label className="select">
        <span>Location</span>
        <select name="location">
          {locations.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label className="select">
        <span>Change</span>
        <input name="change" type="number" step={1} required placeholder="+10" />
      </label>
      <label className="select">
        <span>Reason</span>
        <select name="reason">
          {reasons.map((reason) => (
            <option key={reason}>{reason}</option>
          ))}
        </select>
      </label>
      <button type="submit" disabled={isBusy}>
        Note it
      </button>
    </form>
  );
}
