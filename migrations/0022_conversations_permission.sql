-- A permission that is new (src/kernel/permissions.ts).
INSERT OR IGNORE INTO permissions (name, description) VALUES
  ('conversations.handle', 'Read conversations of the tenant, take them, and answer in them in the persona''s place');
