import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { orderStatuses, productStatuses } from "../data/choices.ts";
import type { OrderFilter, ProductFilter } from "../data/shop.ts";
import { inside, oneOf, text } from "./inside.tsx";

const orders = createRoute({
  getParentRoute: () => inside,
  path: "/shop/orders",
  validateSearch: ({ status }: Record<string, unknown>): OrderFilter => ({
    status: oneOf(...orderStatuses)(status),
  }),
  component: lazyRouteComponent(() => import("../pages/shop/orders-page.tsx"), "OrdersPage"),
});

const order = createRoute({
  getParentRoute: () => inside,
  path: "/shop/orders/$order",
  component: lazyRouteComponent(() => import("../pages/shop/order-page.tsx"), "OrderPage"),
});

const products = createRoute({
  getParentRoute: () => inside,
  path: "/shop/products",
  validateSearch: ({ q, status }: Record<string, unknown>): ProductFilter => ({
    q: text(q),
    status: oneOf(...productStatuses)(status),
  }),
  component: lazyRouteComponent(() => import("../pages/shop/products-page.tsx"), "ProductsPage"),
});

/** Pages of who keeps the shop. */
export const shopRoutes = [orders, order, products] as const;
