import { type FormEvent, useState } from "react";
import { dataOf } from "#client/index.ts";
import { productStatuses } from "../../data/choices.ts";
import type { Product } from "../../data/shop.ts";
import { useAction } from "../../parts/action.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { digitsOf, minorUnits } from "../../parts/money.ts";
import { api } from "../../session/client.ts";
import "../../styles/fields.css";

interface ProductDialogProps {
  /** Undefined for one that is to be made. */
  product: Product | undefined;
  onClose: () => void;
}

type Fields = Pick<Product, "sku" | "name" | "description" | "category" | "status" | "price">;

const priceOf = ({ price: { amount, currency } }: Product): string =>
  (amount / 10 ** digitsOf(currency)).toFixed(digitsOf(currency));

/** Makes a product, or changes one. */
export function ProductDialog({ product, onClose }: ProductDialogProps) {
  const [wrong, setWrong] = useState<string>();
  const [save, isBusy] = useAction(
    async (fields: Fields) => {
      if (product)
        dataOf(
          await api.PATCH("/api/v1/products/{product_id}", {
            params: { path: { product_id: product.id } },
            body: { ...fields, version: product.version },
          }),
        );
      else dataOf(await api.POST("/api/v1/products", { body: fields }));
    },
    { done: product ? "Changed" : "The product is there", stale: [["products"]] },
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const given = (name: string) => String(form.get(name) ?? "").trim();
    const currency = given("currency").toUpperCase();
    const amount = minorUnits(given("price"), currency);
    setWrong(amount === undefined ? `This is no amount in ${currency}.` : undefined);
    if (amount === undefined) return;
    void save({
      sku: given("sku"),
      name: given("name"),
      description: given("description"),
      category: given("category") || null,
      status: productStatuses.find((status) => status === given("status")) ?? "draft",
      price: { amount, currency },
    }).then((isDone) => isDone && onClose());
  };
  return (
    <Dialog title={product?.name ?? "New product"} onClose={onClose} isWide>
      <form className="form" onSubmit={submit}>
        <label className="field">
          Name
          <input name="name" required maxLength={255} defaultValue={product?.name} />
        </label>
        <label className="field">
          SKU
          <input name="sku" required maxLength={100} defaultValue={product?.sku} />
        </label>
        <label className="field">
          Description
          <textarea name="description" rows={3} defaultValue={product?.description} />
        </label>
        <label className="field">
          Category
          <input name="category" maxLength={100} defaultValue={product?.category ?? ""} />
        </label>
        <div className="halves">
          <label className="field">
            Price
            <input
              name="price"
              required
              inputMode="decimal"
              aria-invalid={wrong !== undefined}
              aria-describedby="price-about"
              defaultValue={product && priceOf(product)}
            />
          </label>
          <label className="field">
            Currency
            <input
              name="currency"
              required
              pattern="[A-Za-z]{3}"
              defaultValue={product?.price.currency ?? "EUR"}
            />
          </label>
        </div>
        <p id="price-about" className="wrong">
          {wrong}
        </p>
        <label className="field">
          Status
          <select name="status" defaultValue={product?.status ?? "active"}>
            {productStatuses.map((status) => (
              <option key={status}>{status}</option>
            ))}
          </select>
        </label>
        <div className="actions">
          <button type="submit" className="primary" disabled={isBusy}>
            {product ? "Save" : "Make it"}
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}
