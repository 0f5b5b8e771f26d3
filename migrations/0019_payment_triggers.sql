-- The ledger and its sums are kept by the statements that change what they are about: src/db/schema/payments.ts.
CREATE TRIGGER payments_no_update BEFORE UPDATE ON payments BEGIN
  SELECT RAISE(ABORT, 'payments is append-only');
END;
--> statement-breakpoint
CREATE TRIGGER payments_no_delete BEFORE DELETE ON payments BEGIN
  SELECT RAISE(ABORT, 'payments is append-only');
END;
--> statement-breakpoint
-- Prices are in dollars; what came in by any other currency is in the ledger and in no sum.
CREATE TRIGGER payments_summed AFTER INSERT ON payments WHEN new.currency = 'usd' BEGIN
  INSERT INTO payment_months (month, charged, refunded, began, ended) VALUES (
    strftime('%Y-%m', new.at / 1000, 'unixepoch'),
    iif(new.kind = 'charge', new.amount, 0), iif(new.kind = 'refund', new.amount, 0),
    new.kind = 'began', new.kind = 'ended')
  ON CONFLICT (month) DO UPDATE SET charged = charged + excluded.charged, refunded = refunded + excluded.refunded,
    began = began + excluded.began, ended = ended + excluded.ended;
END;
--> statement-breakpoint
CREATE TRIGGER subscriptions_begin_paid AFTER UPDATE OF external_id ON subscriptions
  WHEN new.external_id IS NOT NULL AND new.external_id IS NOT old.external_id BEGIN
  INSERT OR IGNORE INTO payments (id, kind, user_id, external_id, amount, currency, at)
    VALUES ('began:' || new.external_id, 'began', new.user_id, new.external_id, 0, 'usd', new.updated_at);
END;
--> statement-breakpoint
CREATE TRIGGER subscriptions_end_paid AFTER UPDATE OF status, external_id ON subscriptions
  WHEN old.external_id IS NOT NULL AND (new.status = 'expired' OR new.external_id IS NOT old.external_id) BEGIN
  INSERT OR IGNORE INTO payments (id, kind, user_id, external_id, amount, currency, at)
    VALUES ('ended:' || old.external_id, 'ended', old.user_id, old.external_id, 0, 'usd', new.updated_at);
END;
--> statement-breakpoint
-- Who has deleted their account pays no more.
CREATE TRIGGER users_deleted_pay_no_more AFTER UPDATE OF deleted_at ON users
  WHEN new.deleted_at IS NOT NULL AND old.deleted_at IS NULL BEGIN
  UPDATE subscriptions SET status = 'expired', end_date = new.deleted_at, untold_since = new.deleted_at,
    updated_at = new.deleted_at, revision = revision + 1
    WHERE user_id = new.id AND external_id IS NOT NULL AND status <> 'expired';
END;
