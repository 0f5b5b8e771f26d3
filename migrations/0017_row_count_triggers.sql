-- What row_counts says is kept by the statement that changes a row, whoever makes it: src/db/schema/row-counts.ts.
UPDATE users SET last_active_day = (
  SELECT max(last_used_at) / 86400000 FROM sessions WHERE sessions.user_id = users.id);
--> statement-breakpoint
INSERT INTO row_counts (name, key, count)
  SELECT 'clients', '', count(*) FROM clients
  UNION ALL SELECT 'users.tier', subscription_tier, count(*) FROM users WHERE deleted_at IS NULL GROUP BY 2
  UNION ALL SELECT 'users.made', printf('%05d', created_at / 86400000), count(*) FROM users
    WHERE deleted_at IS NULL GROUP BY 2
  UNION ALL SELECT 'users.active', printf('%05d', last_active_day), count(*) FROM users
    WHERE deleted_at IS NULL AND last_active_day IS NOT NULL GROUP BY 2;
--> statement-breakpoint
INSERT INTO row_counts (name, key, count)
  SELECT 'instances', '', count(*) FROM persona_instances WHERE deleted_at IS NULL;
--> statement-breakpoint
CREATE TRIGGER clients_counted AFTER INSERT ON clients BEGIN
  INSERT INTO row_counts (name, key, count) VALUES ('clients', '', 1)
    ON CONFLICT (name, key) DO UPDATE SET count = count + 1;
END;
--> statement-breakpoint
CREATE TRIGGER clients_uncounted AFTER DELETE ON clients BEGIN
  UPDATE row_counts SET count = count - 1 WHERE name = 'clients';
END;
--> statement-breakpoint
CREATE TRIGGER sessions_begun AFTER INSERT ON sessions BEGIN
  UPDATE users SET last_active_day = new.last_used_at / 86400000
    WHERE id = new.user_id AND coalesce(last_active_day, -1) < new.last_used_at / 86400000;
END;
--> statement-breakpoint
CREATE TRIGGER sessions_used AFTER UPDATE OF last_used_at ON sessions BEGIN
  UPDATE users SET last_active_day = new.last_used_at / 86400000
    WHERE id = new.user_id AND coalesce(last_active_day, -1) < new.last_used_at / 86400000;
END;
--> statement-breakpoint
CREATE TRIGGER users_counted AFTER INSERT ON users WHEN new.deleted_at IS NULL BEGIN
  INSERT INTO row_counts (name, key, count)
    SELECT name, key, 1 FROM (
      SELECT 'users.tier' AS name, new.subscription_tier AS key
      UNION ALL SELECT 'users.made', printf('%05d', new.created_at / 86400000)
      UNION ALL SELECT 'users.active', printf('%05d', new.last_active_day) WHERE new.last_active_day IS NOT NULL)
    WHERE true
    ON CONFLICT (name, key) DO UPDATE SET count = count + 1;
END;
--> statement-breakpoint
CREATE TRIGGER users_uncounted AFTER DELETE ON users WHEN old.deleted_at IS NULL BEGIN
  UPDATE row_counts SET count = count - 1 WHERE (name, key) IN (VALUES
    ('users.tier', old.subscription_tier),
    ('users.made', printf('%05d', old.created_at / 86400000)),
    ('users.active', iif(old.last_active_day IS NULL, NULL, printf('%05d', old.last_active_day))));
END;
--> statement-breakpoint
CREATE TRIGGER users_recounted AFTER UPDATE OF subscription_tier, created_at, last_active_day, deleted_at ON users
WHEN old.subscription_tier <> new.subscription_tier OR old.created_at <> new.created_at
  OR old.last_active_day IS NOT new.last_active_day OR (old.deleted_at IS NULL) <> (new.deleted_at IS NULL)
BEGIN
  UPDATE row_counts SET count = count - 1 WHERE old.deleted_at IS NULL AND (name, key) IN (VALUES
    ('users.tier', old.subscription_tier),
    ('users.made', printf('%05d', old.created_at / 86400000)),
    ('users.active', iif(old.last_active_day IS NULL, NULL, printf('%05d', old.last_active_day))));
  INSERT INTO row_counts (name, key, count)
    SELECT name, key, 1 FROM (
      SELECT 'users.tier' AS name, new.subscription_tier AS key
      UNION ALL SELECT 'users.made', printf('%05d', new.created_at / 86400000)
      UNION ALL SELECT 'users.active', printf('%05d', new.last_active_day) WHERE new.last_active_day IS NOT NULL)
    WHERE new.deleted_at IS NULL
    ON CONFLICT (name, key) DO UPDATE SET count = count + 1;
END;
--> statement-breakpoint
CREATE TRIGGER persona_instances_counted AFTER INSERT ON persona_instances WHEN new.deleted_at IS NULL BEGIN
  INSERT INTO row_counts (name, key, count) VALUES ('instances', '', 1)
    ON CONFLICT (name, key) DO UPDATE SET count = count + 1;
END;
--> statement-breakpoint
CREATE TRIGGER persona_instances_uncounted AFTER DELETE ON persona_instances WHEN old.deleted_at IS NULL BEGIN
  UPDATE row_counts SET count = count - 1 WHERE name = 'instances';
END;
--> statement-breakpoint
CREATE TRIGGER persona_instances_recounted AFTER UPDATE OF deleted_at ON persona_instances
WHEN (old.deleted_at IS NULL) <> (new.deleted_at IS NULL) BEGIN
  UPDATE row_counts SET count = count + iif(new.deleted_at IS NULL, 1, -1) WHERE name = 'instances';
END;
