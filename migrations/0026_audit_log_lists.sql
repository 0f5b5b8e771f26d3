CREATE INDEX `audit_log_at` ON `audit_log` (`created_at`);--> statement-breakpoint
CREATE INDEX `audit_log_action` ON `audit_log` (`action`,`created_at`);--> statement-breakpoint
CREATE INDEX `audit_log_client` ON `audit_log` (`client_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `audit_log_client_action` ON `audit_log` (`client_id`,`action`,`created_at`);