import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { productStatuses } from "../../data/choices.ts";
import { type Product, type ProductFilter, productsQuery } from "../../data/shop.ts";
import { SearchField, SelectField } from "../../parts/filters.tsx";
import { Icon } from "../../parts/icons.tsx";
import { Listing } from "../../parts/listing.tsx";
import { money } from "../../parts/money.ts";
import { Page } from "../../parts/page.tsx";
import { Ago } from "../../parts/time.tsx";
import { may } from "../../session/rights.ts";
import { useUser } from "../../session/use-session.ts";
import { ProductDialog } from "./product-dialog.tsx";
import { StockDialog } from "./stock-dialog.tsx";

const route = getRouteApi("/in/shop/products");

type Shown = { kind: "new" } | { kind: "change" | "stock"; product: Product };

/** What there is to order, and how much of it. */
export function ProductsPage() {
  const filter = route.useSearch();
  const navigate = useNavigate({ from: "/shop/products" });
  const list = useInfiniteQuery(productsQuery(filter));
  const mayManage = may(useUser(), "commerce.manage");
  const [shown, setShown] = useState<Shown>();
  const narrow = (change: ProductFilter) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const close = () => setShown(undefined);
  return (
    <Page
      title="Products"
      actions={
        mayManage && (
          <button type="button" onClick={() => setShown({ kind: "new" })}>
            <Icon name="plus" /> New product
          </button>
        )
      }
    >
      <search className="filters">
        <SearchField label="Words or SKU" value={filter.q} onChange={(q) => narrow({ q })} />
        <SelectField
          label="Status"
          value={filter.status}
          options={productStatuses.map((value) => ({ value, name: value }))}
          onChange={(status) => narrow({ status })}
        />
      </search>
      <Listing
        what="products"
        list={list}
        rows={list.data?.pages.flatMap(({ products }) => products)}
        keyOf={({ id }) => id}
        columns={[
          {
            name: "Product",
            text: "cut",
            cell: (product) =>
              mayManage ? (
                <button
                  type="button"
                  className="bare row-button"
                  data-row
                  onClick={() => setShown({ kind: "change", product })}
                >
                  {product.name}
                </button>
              ) : (
                product.name
              ),
          },
          { name: "SKU", cell: ({ sku }) => <code>{sku}</code> },
          { name: "Category", cell: ({ category }) => category ?? "–" },
          {
            name: "Status",
            cell: ({ status }) => (
              <span className={`level ${status === "active" ? "" : "warn"}`}>{status}</span>
            ),
          },
          { name: "Price", isNumber: true, cell: ({ price }) => money(price) },
          { name: "Changed", isNumber: true, cell: ({ updated_at }) => <Ago at={updated_at} /> },
          {
            name: "Stock",
            isHidden: true,
            isNumber: true,
            cell: (product) => (
              <button type="button" className="bare" onClick={() => setShown({ kind: "stock", product })}>
                Stock<span className="sr"> of {product.name}</span>
              </button>
            ),
          },
        ]}
        empty={
          filter.q || filter.status
            ? { title: "No product fits" }
            : { title: "There are no products yet", children: <p>What is active can be ordered.</p> }
        }
      />
      {shown?.kind === "new" && <ProductDialog product={undefined} onClose={close} />}
      {shown?.kind === "change" && <ProductDialog product={shown.product} onClose={close} />}
      {shown?.kind === "stock" && (
        <StockDialog product={shown.product} mayManage={mayManage} onClose={close} />
      )}
    </Page>
  );
}
