-- Parts of e-mail addresses, for administration's list: trigrams, so that any three letters on find an address
-- without a look at every account. A row stays until its account is scrubbed; readers join on living accounts.
CREATE VIRTUAL TABLE user_search USING fts5(email, user_id UNINDEXED, tokenize = 'trigram');
--> statement-breakpoint
INSERT INTO user_search (email, user_id) SELECT email, id FROM users;
--> statement-breakpoint
CREATE TRIGGER users_search_insert AFTER INSERT ON users BEGIN
  INSERT INTO user_search (email, user_id) VALUES (new.email, new.id);
END;
--> statement-breakpoint
-- Found by the former address, because `user_id` has no index of its own there.
CREATE TRIGGER users_search_update AFTER UPDATE OF email ON users WHEN new.email <> old.email BEGIN
  DELETE FROM user_search WHERE rowid IN (
    SELECT rowid FROM user_search
    WHERE user_search MATCH '"' || replace(old.email, '"', '""') || '"' AND user_id = old.id);
  INSERT INTO user_search (email, user_id) VALUES (new.email, new.id);
END;
