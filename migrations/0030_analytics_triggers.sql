-- Accounts of tenants are counted by the statement that changes them, as in 0017: `users.of_client` by tenant and tier,
-- `accounts.made` of the rollups by the hour and day of their making (docs/analytics.md#accounts).
INSERT INTO row_counts (name, key, count)
  SELECT 'users.of_client', client_id || '/' || subscription_tier, count(*) FROM users
  WHERE deleted_at IS NULL GROUP BY 2;
--> statement-breakpoint
INSERT INTO rollup_days (client_id, metric, dimension, name, day, n, sum)
  SELECT whose.value, 'accounts.made', part.key, part.value, created_at / 86400000, count(*), count(*)
  FROM users, json_each(json_array(client_id, '')) AS whose, json_each(json_object('', '', 'tier', subscription_tier)) AS part
  WHERE created_at >= (unixepoch() - 25 * 31 * 86400) * 1000 GROUP BY 1, 3, 4, 5;
--> statement-breakpoint
INSERT INTO rollup_hours (client_id, metric, dimension, name, hour, n, sum)
  SELECT whose.value, 'accounts.made', part.key, part.value, created_at / 3600000, count(*), count(*)
  FROM users, json_each(json_array(client_id, '')) AS whose, json_each(json_object('', '', 'tier', subscription_tier)) AS part
  WHERE created_at >= (unixepoch() - 90 * 86400) * 1000 GROUP BY 1, 3, 4, 5;
--> statement-breakpoint
CREATE TRIGGER users_made_in_client AFTER INSERT ON users WHEN new.deleted_at IS NULL BEGIN
  INSERT INTO row_counts (name, key, count)
    VALUES ('users.of_client', new.client_id || '/' || new.subscription_tier, 1)
    ON CONFLICT (name, key) DO UPDATE SET count = count + 1;
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
CREATE TRIGGER users_gone_from_client AFTER DELETE ON users WHEN old.deleted_at IS NULL BEGIN
  UPDATE row_counts SET count = count - 1
    WHERE name = 'users.of_client' AND key = old.client_id || '/' || old.subscription_tier;
END;
--> statement-breakpoint
CREATE TRIGGER users_moved_in_client AFTER UPDATE OF subscription_tier, client_id, deleted_at ON users
WHEN old.subscription_tier <> new.subscription_tier OR old.client_id <> new.client_id
  OR (old.deleted_at IS NULL) <> (new.deleted_at IS NULL)
BEGIN
  UPDATE row_counts SET count = count - 1
    WHERE old.deleted_at IS NULL AND name = 'users.of_client'
      AND key = old.client_id || '/' || old.subscription_tier;
  INSERT INTO row_counts (name, key, count)
    SELECT 'users.of_client', new.client_id || '/' || new.subscription_tier, 1 WHERE new.deleted_at IS NULL
    ON CONFLICT (name, key) DO UPDATE SET count = count + 1;
END;
--> statement-breakpoint
-- Whoever goes takes along what is there under their id, in the same statement.
CREATE TRIGGER users_activity_forgotten AFTER UPDATE OF deleted_at ON users
WHEN old.deleted_at IS NULL AND new.deleted_at IS NOT NULL BEGIN
  DELETE FROM analytics_consents WHERE client_id = new.client_id AND person = new.id;
  DELETE FROM active_persons WHERE client_id = new.client_id AND person = new.id;
  DELETE FROM cohort_members WHERE client_id = new.client_id AND person = new.id;
  DELETE FROM funnel_progress WHERE client_id = new.client_id AND person = new.id;
  UPDATE counted_events SET person = NULL WHERE client_id = new.client_id AND person = new.id;
END;
--> statement-breakpoint
-- Conversations as they stand, by tenant (and with none, of all) and status; those that have not ended by who holds them.
INSERT INTO row_counts (name, key, count)
  SELECT 'conversations.status', whose.value || '/' || status, count(*)
  FROM conversations, json_each(json_array(client_id, '')) AS whose WHERE erased_at IS NULL GROUP BY 2
  UNION ALL SELECT 'conversations.holder', whose.value || '/' || iif(holder LIKE 'user:%', 'user', holder), count(*)
  FROM conversations, json_each(json_array(client_id, '')) AS whose
  WHERE erased_at IS NULL AND status <> 'ended' GROUP BY 2;
--> statement-breakpoint
CREATE TRIGGER conversations_counted AFTER INSERT ON conversations WHEN new.erased_at IS NULL BEGIN
  INSERT INTO row_counts (name, key, count)
    SELECT name, whose.value || '/' || standing, 1
    FROM (SELECT 'conversations.status' AS name, new.status AS standing
      UNION ALL SELECT 'conversations.holder', iif(new.holder LIKE 'user:%', 'user', new.holder) WHERE new.status <> 'ended'),
      json_each(json_array(new.client_id, '')) AS whose WHERE true
    ON CONFLICT (name, key) DO UPDATE SET count = count + 1;
END;
--> statement-breakpoint
CREATE TRIGGER conversations_uncounted AFTER DELETE ON conversations WHEN old.erased_at IS NULL BEGIN
  UPDATE row_counts SET count = count - 1 WHERE (name, key) IN (VALUES
    ('conversations.status', old.client_id || '/' || old.status),
    ('conversations.status', '/' || old.status),
    ('conversations.holder', iif(old.status = 'ended', NULL, old.client_id || '/' || iif(old.holder LIKE 'user:%', 'user', old.holder))),
    ('conversations.holder', iif(old.status = 'ended', NULL, '/' || iif(old.holder LIKE 'user:%', 'user', old.holder))));
END;
--> statement-breakpoint
CREATE TRIGGER conversations_recounted AFTER UPDATE OF status, holder, erased_at ON conversations
WHEN old.status <> new.status OR old.holder <> new.holder OR (old.erased_at IS NULL) <> (new.erased_at IS NULL)
BEGIN
  UPDATE row_counts SET count = count - 1 WHERE old.erased_at IS NULL AND (name, key) IN (VALUES
    ('conversations.status', old.client_id || '/' || old.status),
    ('conversations.status', '/' || old.status),
    ('conversations.holder', iif(old.status = 'ended', NULL, old.client_id || '/' || iif(old.holder LIKE 'user:%', 'user', old.holder))),
    ('conversations.holder', iif(old.status = 'ended', NULL, '/' || iif(old.holder LIKE 'user:%', 'user', old.holder))));
  INSERT INTO row_counts (name, key, count)
    SELECT name, whose.value || '/' || standing, 1
    FROM (SELECT 'conversations.status' AS name, new.status AS standing
      UNION ALL SELECT 'conversations.holder', iif(new.holder LIKE 'user:%', 'user', new.holder) WHERE new.status <> 'ended'),
      json_each(json_array(new.client_id, '')) AS whose WHERE new.erased_at IS NULL
    ON CONFLICT (name, key) DO UPDATE SET count = count + 1;
END;
