-- Permissions that are new (src/kernel/permissions.ts).
INSERT OR IGNORE INTO permissions (name, description) VALUES
  ('commerce.read', 'Read orders, products, customers and stock of the tenant, and hear of them'),
  ('commerce.orders', 'Make orders of the tenant, change them, and record what is paid for them'),
  ('commerce.manage', 'Change products, customers, stock and locations of the tenant; other prices than the products'''),
  ('commerce.analytics', 'See the figures of the tenant''s shop'),
  ('customers.contact', 'See e-mail addresses, telephone numbers and addresses of customers in clear');
