-- Subscription tiers (spec 01-identity): prices in cents, -1 is unlimited.
INSERT OR IGNORE INTO subscription_tiers (name, monthly_cents, yearly_cents, max_personas, max_projects, max_content) VALUES
  ('free', 0, 0, 1, 3, 10),
  ('basic', 999, 9999, 5, 10, 100),
  ('premium', 2999, 29999, 20, 50, 1000),
  ('enterprise', 9999, 99999, -1, -1, -1);
--> statement-breakpoint
-- Named grants.
INSERT OR IGNORE INTO permissions (name, description) VALUES
  ('*', 'Everything'),
  ('personas.create', 'Create persona instances'),
  ('personas.delete', 'Delete persona instances'),
  ('projects.manage', 'Manage projects of the tenant'),
  ('admin.users', 'Administer users'),
  ('admin.subscriptions', 'Administer subscriptions');
--> statement-breakpoint
-- Agent types that come with the platform (spec 02-personas).
INSERT OR IGNORE INTO agent_definitions (id, type, display_name, description, category, default_config, is_active, created_at, updated_at) VALUES
  ('01900000-0000-7000-8000-000000000001', 'copywriter', 'Copywriter', 'Writes texts from a brief', 'data-driven', '{"model":"claude-sonnet-5-5","temperature":0.7,"max_tokens":2048,"system_prompt":"You are an experienced copywriter. Write clearly, concretely and without filler."}', 1, 0, 0),
  ('01900000-0000-7000-8000-000000000002', 'researcher', 'Researcher', 'Writes from sources it is given', 'data-driven', '{"model":"claude-sonnet-5-5","temperature":0.3,"max_tokens":2048,"system_prompt":"You are a careful researcher. State only what the given sources support and name them."}', 1, 0, 0),
  ('01900000-0000-7000-8000-000000000003', 'reasoning', 'Reasoning', 'Reviews, analyses, decides, evaluates', 'code-driven', '{"model":"claude-opus-5-5","temperature":0.2,"max_tokens":2048}', 1, 0, 0),
  ('01900000-0000-7000-8000-000000000004', 'image-generator', 'Image generator', 'Makes images from a prompt', 'adapter', '{}', 1, 0, 0),
  ('01900000-0000-7000-8000-000000000005', 'web-search', 'Web search', 'Searches the web', 'adapter', '{"num_results":10}', 1, 0, 0);
--> statement-breakpoint
-- The audit log is append-only.
CREATE TRIGGER IF NOT EXISTS audit_log_no_update BEFORE UPDATE ON audit_log BEGIN
  SELECT RAISE(ABORT, 'audit_log is append-only');
END;
--> statement-breakpoint
CREATE TRIGGER IF NOT EXISTS audit_log_no_delete BEFORE DELETE ON audit_log BEGIN
  SELECT RAISE(ABORT, 'audit_log is append-only');
END;
