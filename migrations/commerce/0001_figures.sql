-- What a batch has to find as it was read: a row of this view is refused unless it holds, and the batch with it
-- (src/commerce/guard-statement.ts).
CREATE VIEW guards AS SELECT 1 AS holds;
--> statement-breakpoint
CREATE TRIGGER guards_hold INSTEAD OF INSERT ON guards WHEN NOT coalesce(new.holds, 0) BEGIN
  SELECT RAISE(ABORT, 'A guard does not hold');
END;
--> statement-breakpoint
-- Figures are kept by the statement that changes a row, whoever makes it: src/db/commerce/rollups.ts.
CREATE TRIGGER orders_made AFTER INSERT ON orders BEGIN
  INSERT INTO order_days (client_id, day, currency, location_id, source, orders, cancelled, items, gross, refunds)
    VALUES (new.client_id, new.day, new.currency, new.location_id, new.source, 1, 0, new.units, new.total, 0)
    ON CONFLICT DO UPDATE SET orders = orders + 1, items = items + excluded.items, gross = gross + excluded.gross;
  INSERT INTO order_status_counts (client_id, status, orders) VALUES (new.client_id, new.status, 1)
    ON CONFLICT DO UPDATE SET orders = orders + 1;
  INSERT INTO customer_totals (customer_id, currency, client_id, orders, value)
    VALUES (new.customer_id, new.currency, new.client_id, 1, new.total)
    ON CONFLICT DO UPDATE SET orders = orders + 1, value = value + excluded.value;
  UPDATE customers SET orders_count = orders_count + 1, last_order_at = new.created_at WHERE id = new.customer_id;
END;
--> statement-breakpoint
-- Before the order is there: whoever has not ordered before is a new customer, and one a day whatever they order.
CREATE TRIGGER orders_arrive BEFORE INSERT ON orders BEGIN
  INSERT INTO customer_days (client_id, day, fresh, again)
    SELECT new.client_id, new.day, last_order_day IS NULL, last_order_day IS NOT NULL
      FROM customers WHERE id = new.customer_id AND last_order_day IS NOT new.day
    ON CONFLICT DO UPDATE SET fresh = fresh + excluded.fresh, again = again + excluded.again;
  UPDATE customers SET last_order_day = new.day WHERE id = new.customer_id;
END;
--> statement-breakpoint
CREATE TRIGGER orders_moved AFTER UPDATE OF status ON orders WHEN new.status <> old.status BEGIN
  UPDATE order_status_counts SET orders = orders - 1 WHERE client_id = old.client_id AND status = old.status;
  INSERT INTO order_status_counts (client_id, status, orders) VALUES (new.client_id, new.status, 1)
    ON CONFLICT DO UPDATE SET orders = orders + 1;
END;
--> statement-breakpoint
CREATE TRIGGER orders_cancelled AFTER UPDATE OF status ON orders
WHEN new.status = 'cancelled' AND old.status <> 'cancelled' BEGIN
  UPDATE order_days SET cancelled = cancelled + 1, items = items - old.units, gross = gross - old.total
    WHERE client_id = old.client_id AND day = old.day AND currency = old.currency
      AND location_id = old.location_id AND source = old.source;
  UPDATE customer_totals SET orders = orders - 1, value = value - old.total
    WHERE customer_id = old.customer_id AND currency = old.currency;
  UPDATE customers SET orders_count = orders_count - 1 WHERE id = old.customer_id;
  UPDATE product_days SET quantity = product_days.quantity - items.quantity, revenue = revenue - items.total
    FROM (SELECT product_id, sum(quantity) AS quantity, sum(total) AS total
      FROM order_items WHERE order_id = old.id GROUP BY product_id) AS items
    WHERE product_days.client_id = old.client_id AND product_days.day = old.day
      AND product_days.currency = old.currency AND product_days.product_id = items.product_id;
END;
--> statement-breakpoint
CREATE TRIGGER orders_resized AFTER UPDATE OF units, total ON orders
WHEN new.units <> old.units OR new.total <> old.total BEGIN
  UPDATE order_days SET items = items + new.units - old.units, gross = gross + new.total - old.total
    WHERE client_id = old.client_id AND day = old.day AND currency = old.currency
      AND location_id = old.location_id AND source = old.source;
  UPDATE customer_totals SET value = value + new.total - old.total
    WHERE customer_id = old.customer_id AND currency = old.currency;
END;
--> statement-breakpoint
CREATE TRIGGER order_items_added AFTER INSERT ON order_items BEGIN
  INSERT INTO product_days (client_id, day, currency, product_id, quantity, revenue)
    SELECT client_id, day, currency, new.product_id, new.quantity, new.total FROM orders WHERE id = new.order_id
    ON CONFLICT DO UPDATE SET quantity = quantity + excluded.quantity, revenue = revenue + excluded.revenue;
END;
--> statement-breakpoint
CREATE TRIGGER order_items_removed AFTER DELETE ON order_items BEGIN
  UPDATE product_days SET quantity = product_days.quantity - old.quantity, revenue = revenue - old.total
    FROM orders WHERE orders.id = old.order_id AND product_days.client_id = orders.client_id
      AND product_days.day = orders.day AND product_days.currency = orders.currency
      AND product_days.product_id = old.product_id;
END;
--> statement-breakpoint
CREATE TRIGGER order_payments_made AFTER INSERT ON order_payments BEGIN
  UPDATE orders SET
      paid = paid + iif(new.kind = 'charge', new.amount, 0),
      refunded = refunded + iif(new.kind = 'refund', new.amount, 0)
    WHERE id = new.order_id;
  INSERT INTO order_days (client_id, day, currency, location_id, source, orders, cancelled, items, gross, refunds)
    SELECT client_id, new.day, currency, location_id, source, 0, 0, 0, 0, new.amount
      FROM orders WHERE id = new.order_id AND new.kind = 'refund'
    ON CONFLICT DO UPDATE SET refunds = refunds + excluded.refunds;
END;
--> statement-breakpoint
CREATE TRIGGER orders_paid AFTER UPDATE OF paid, refunded, total ON orders BEGIN
  UPDATE orders SET payment_status = CASE
      WHEN new.refunded > 0 AND new.refunded = new.paid THEN 'refunded'
      WHEN new.refunded > 0 THEN 'partially_refunded'
      WHEN new.paid >= new.total THEN 'paid'
      WHEN new.paid > 0 THEN 'partially_paid'
      ELSE 'unpaid' END
    WHERE id = new.id;
END;
--> statement-breakpoint
CREATE TRIGGER order_payments_stay BEFORE UPDATE ON order_payments BEGIN
  SELECT RAISE(ABORT, 'The ledger is only added to');
END;
--> statement-breakpoint
-- Once for each time that what is left falls to the mark or below it.
CREATE TRIGGER stock_fell AFTER UPDATE OF on_hand, reserved ON stock
WHEN new.on_hand - new.reserved <= new.low_stock_at AND old.on_hand - old.reserved > new.low_stock_at BEGIN
  INSERT INTO event_outbox (id, client_id, event, entity_id, owner_user_id, data, created_at)
    SELECT printf('%08x-%04x-7', at / 65536, at % 65536) || substr(lower(hex(randomblob(2))), 2) || '-8' ||
        substr(lower(hex(randomblob(2))), 2) || '-' || lower(hex(randomblob(6))),
      new.client_id, 'product.stock.low', new.product_id, NULL,
      json_object('product_id', new.product_id, 'location_id', new.location_id, 'on_hand', new.on_hand,
        'reserved', new.reserved, 'available', new.on_hand - new.reserved, 'low_stock_at', new.low_stock_at), at
    FROM (SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER) AS at);
END;
--> statement-breakpoint
-- Words of products, for their list; a match of another tenant's is left out by who reads.
CREATE VIRTUAL TABLE product_search USING fts5(sku, name, description, client_id, content='products');
--> statement-breakpoint
CREATE TRIGGER products_search_insert AFTER INSERT ON products BEGIN
  INSERT INTO product_search (rowid, sku, name, description, client_id)
    VALUES (new.rowid, new.sku, new.name, new.description, new.client_id);
END;
--> statement-breakpoint
CREATE TRIGGER products_search_update AFTER UPDATE OF sku, name, description ON products BEGIN
  INSERT INTO product_search (product_search, rowid, sku, name, description, client_id)
    VALUES ('delete', old.rowid, old.sku, old.name, old.description, old.client_id);
  INSERT INTO product_search (rowid, sku, name, description, client_id)
    VALUES (new.rowid, new.sku, new.name, new.description, new.client_id);
END;
--> statement-breakpoint
-- Words of the names of customers.
CREATE VIRTUAL TABLE customer_search USING fts5(name, client_id, content='customers');
--> statement-breakpoint
CREATE TRIGGER customers_search_insert AFTER INSERT ON customers BEGIN
  INSERT INTO customer_search (rowid, name, client_id) VALUES (new.rowid, new.name, new.client_id);
END;
--> statement-breakpoint
CREATE TRIGGER customers_search_update AFTER UPDATE OF name ON customers BEGIN
  INSERT INTO customer_search (customer_search, rowid, name, client_id)
    VALUES ('delete', old.rowid, old.name, old.client_id);
  INSERT INTO customer_search (rowid, name, client_id) VALUES (new.rowid, new.name, new.client_id);
END;
