import { type FormEvent, useState } from "react";
import { dataOf } from "#client/index.ts";
import type { Order } from "../../data/shop.ts";
import { useAction } from "../../parts/action.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { digitsOf, minorUnits } from "../../parts/money.ts";
import { api } from "../../session/client.ts";
import "../../styles/fields.css";

/** Records what was paid, or given back; the money itself is collected elsewhere. */
export function NewPayment({ order }: { order: Order }) {
  const [isOpen, setOpen] = useState(false);
  const [wrong, setWrong] = useState(false);
  const { currency } = order;
  const close = () => setOpen(false);
  const [record, isBusy] = useAction(
    async (kind: "charge" | "refund", amount: number, method: string, reference: string) =>
      dataOf(
        await api.POST("/api/v1/orders/{order_id}/payments", {
          params: { path: { order_id: order.id }, header: { "idempotency-key": crypto.randomUUID() } },
          body: { kind, amount, method, reference: reference || null },
        }),
      ),
    { done: "Recorded", stale: [["orders"]] },
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const given = (name: string) => String(form.get(name) ?? "").trim();
    const amount = minorUnits(given("amount"), currency);
    setWrong(amount === undefined);
    if (amount === undefined) return;
    const kind = given("kind") === "refund" ? "refund" : "charge";
    void record(kind, amount, given("method"), given("reference")).then((isDone) => isDone && close());
  };
  const owed = order.total.amount - order.paid.amount + order.refunded.amount;
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        Record a payment
      </button>
      {isOpen && (
        <Dialog title={`Payment for order ${order.number}`} onClose={close}>
          <form className="form" onSubmit={submit}>
            <label className="field">
              Kind
              <select name="kind">
                <option value="charge">Paid</option>
                <option value="refund">Given back</option>
              </select>
            </label>
            <label className="field">
              Amount in {currency}
              <input
                name="amount"
                required
                inputMode="decimal"
                aria-invalid={wrong}
                aria-describedby="amount-about"
                defaultValue={(Math.max(0, owed) / 10 ** digitsOf(currency)).toFixed(digitsOf(currency))}
              />
            </label>
            <p id="amount-about" className={wrong ? "wrong" : "hint"}>
              {wrong ? `This is no amount in ${currency}.` : "No more is given back than was paid."}
            </p>
            <label className="field">
              Method
              <input name="method" required maxLength={50} defaultValue="card" />
            </label>
            <label className="field">
              Reference
              <input name="reference" maxLength={255} />
            </label>
            <div className="actions">
              <button type="submit" className="primary" disabled={isBusy}>
                Record
              </button>
              <button type="button" onClick={close}>
                Cancel
              </button>
            </div>
          </form>
        </Dialog>
      )}
    </>
  );
}
