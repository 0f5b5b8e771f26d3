-- Permissions that are new, and what those there are open (src/identity/permissions.ts).
INSERT OR IGNORE INTO permissions (name, description) VALUES
  ('users.read', 'Read accounts of the tenant, their sessions, activity and audit log; each read leaves a trace'),
  ('admin.system', 'In the operator''s tenant: see topics and dead letters, and send dead letters again');
--> statement-breakpoint
UPDATE permissions SET description = CASE name
  WHEN '*' THEN 'Everything that an administrator of the tenant may'
  WHEN 'personas.create' THEN 'Make and change persona templates of the tenant'
  WHEN 'personas.delete' THEN 'Delete templates of the tenant, and other people''s persona instances in it'
  WHEN 'projects.manage' THEN 'Read, change and delete other people''s projects in the tenant'
  WHEN 'admin.users' THEN 'Administer accounts of the tenant, except administrators and their rights'
  WHEN 'admin.subscriptions' THEN 'Administer subscriptions of the tenant'
  ELSE description END;
