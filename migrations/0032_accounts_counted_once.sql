-- Accounts are counted in one place, for a tenant and for all (docs/analytics.md#accounts): `users.of_client` has all of
-- them under `/{tier}`, and the rollups who was made when. What an older build reads stays as it stands.
INSERT INTO row_counts (name, key, count)
  SELECT 'users.of_client', '/' || subscription_tier, count(*) FROM users WHERE deleted_at IS NULL GROUP BY 2;
--> statement-breakpoint
DROP TRIGGER users_counted;
--> statement-breakpoint
DROP TRIGGER users_uncounted;
--> statement-breakpoint
DROP TRIGGER users_recounted;
--> statement-breakpoint
DROP TRIGGER users_made_in_client;
--> statement-breakpoint
DROP TRIGGER users_gone_from_client;
--> statement-breakpoint
DROP TRIGGER users_moved_in_client;
--> statement-breakpoint
CREATE TRIGGER users_made AFTER INSERT ON users WHEN new.deleted_at IS NULL BEGIN
  INSERT INTO rollup_days (client_id, metric, dimension, name, day, n, sum)
    SELECT whose.value, 'accounts.made', part.key, part.value, new.created_at / 86400000, 1, 1
    FROM json_each(json_array(new.client_id, '')) AS whose,
      json_each(json_object('', '', 'tier', new.subscription_tier)) AS part WHERE true
    ON CONFLICT (client_id, metric, dimension, day, name) DO UPDATE SET n = n + 1, sum = sum + 1;
  INSERT INTO rollup_hours (client_id, metric, dimension, name, hour, n, sum)
    SELECT whose.value, 'accounts.made', part.key, part.value, new.created_at / 3600000, 1, 1
    FROM json_each(json_array(new.client_id, '')) AS whose,
      json_each(json_object('', '', 'tier', new.subscription_tier)) AS part WHERE true
    ON CONFLICT (client_id, metric, dimension, hour, name) DO UPDATE SET n = n + 1, sum = sum + 1;
END;
--> statement-breakpoint
CREATE TRIGGER users_counted AFTER INSERT ON users WHEN new.deleted_at IS NULL BEGIN
  INSERT INTO row_counts (name, key, count)
    SELECT name, key, 1 FROM (
      SELECT 'users.of_client' AS name, whose.value || '/' || new.subscription_tier AS key
        FROM json_each(json_array(new.client_id, '')) AS whose
      UNION ALL SELECT 'users.active', printf('%05d', new.last_active_day) WHERE new.last_active_day IS NOT NULL)
    WHERE true
    ON CONFLICT (name, key) DO UPDATE SET count = count + 1;
END;
--> statement-breakpoint
CREATE TRIGGER users_uncounted AFTER DELETE ON users WHEN old.deleted_at IS NULL BEGIN
  UPDATE row_counts SET count = count - 1 WHERE (name, key) IN (VALUES
    ('users.of_client', old.client_id || '/' || old.subscription_tier),
    ('users.of_client', '/' || old.subscription_tier),
    ('users.active', iif(old.last_active_day IS NULL, NULL, printf('%05d', old.last_active_day))));
END;
--> statement-breakpoint
CREATE TRIGGER users_recounted AFTER UPDATE OF subscription_tier, client_id, last_active_day, deleted_at ON users
WHEN old.subscription_tier <> new.subscription_tier OR old.client_id <> new.client_id
  OR old.last_active_day IS NOT new.last_active_day OR (old.deleted_at IS NULL) <> (new.deleted_at IS NULL)
BEGIN
  UPDATE row_counts SET count = count - 1 WHERE old.deleted_at IS NULL AND (name, key) IN (VALUES
    ('users.of_client', old.client_id || '/' || old.subscription_tier),
    ('users.of_client', '/' || old.subscription_tier),
    ('users.active', iif(old.last_active_day IS NULL, NULL, printf('%05d', old.last_active_day))));
  INSERT INTO row_counts (name, key, count)
    SELECT name, key, 1 FROM (
      SELECT 'users.of_client' AS name, whose.value || '/' || new.subscription_tier AS key
        FROM json_each(json_array(new.client_id, '')) AS whose
      UNION ALL SELECT 'users.active', printf('%05d', new.last_active_day) WHERE new.last_active_day IS NOT NULL)
    WHERE new.deleted_at IS NULL
    ON CONFLICT (name, key) DO UPDATE SET count = count + 1;
END;
