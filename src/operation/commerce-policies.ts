/** Reading what a tenant sells, and to whom. */
const reading = {
  by: "account",
  tenant: [{ permission: "commerce.read" }, { role: "moderator" }],
} as const;
const takingOrders = { by: "account", tenant: [{ permission: "commerce.orders" }] } as const;
const managing = { by: "account", tenant: [{ permission: "commerce.manage" }] } as const;
const seeingFigures = { by: "account", tenant: [{ permission: "commerce.analytics" }] } as const;

const read = { rate: "read" } as const;
const write = { rate: "write" } as const;

/** The policies of commerce: everything in it is of one tenant, whoever asks. */
export const commercePolicies = {
  listOrders: { ...reading, ...read },
  getOrder: { ...reading, ...read },
  listOrderPayments: { ...reading, ...read },
  listOrderEvents: { ...reading, ...read },
  listProducts: { ...reading, ...read },
  getProduct: { ...reading, ...read },
  listStock: { ...reading, ...read },
  listLocations: { ...reading, ...read },
  getLocation: { ...reading, ...read },
  listCustomers: { ...reading, ...read },
  getCustomer: { ...reading, ...read },
  listOrdersOfCustomer: { ...reading, ...read },
  getShopDashboard: { ...seeingFigures, ...read },
  getAnalyticsCatalogue: { ...seeingFigures, ...read },
  askAnalytics: { ...seeingFigures, ...write },
  createOrder: { ...takingOrders, ...write },
  updateOrder: { ...takingOrders, ...write },
  confirmOrder: { ...takingOrders, ...write },
  fulfilOrder: { ...takingOrders, ...write },
  completeOrder: { ...takingOrders, ...write },
  cancelOrder: { ...takingOrders, ...write },
  returnOrder: { ...takingOrders, ...write },
  createOrderPayment: { ...takingOrders, ...write },
  exportProducts: { ...managing, ...read },
  exportCustomers: { ...managing, ...read },
  exportOrders: { ...managing, ...read },
  importProducts: { ...managing, ...write },
  importCustomers: { ...managing, ...write },
  createProduct: { ...managing, ...write },
  updateProduct: { ...managing, ...write },
  deleteProduct: { ...managing, ...write },
  adjustStock: { ...managing, ...write },
  createLocation: { ...managing, ...write },
  updateLocation: { ...managing, ...write },
  deleteLocation: { ...managing, ...write },
  createCustomer: { ...managing, ...write },
  updateCustomer: { ...managing, ...write },
  deleteCustomer: { ...managing, ...write },
} as const;
