CREATE TABLE `idempotency_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`body_mac` text NOT NULL,
	`attempt` text NOT NULL,
	`lease_until` integer NOT NULL,
	`answer` blob,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `idempotency_keys_expired` ON `idempotency_keys` (`expires_at`);--> statement-breakpoint
DROP INDEX `agent_definitions_type`;--> statement-breakpoint
ALTER TABLE `agent_definitions` ADD `client_id` text REFERENCES clients(id);--> statement-breakpoint
CREATE INDEX `agent_definitions_named` ON `agent_definitions` (`type`,`client_id`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `agent_definitions_owner` ON `agent_definitions` (`client_id`,`type`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE UNIQUE INDEX `agent_definitions_platform` ON `agent_definitions` (`type`) WHERE deleted_at IS NULL AND client_id IS NULL;--> statement-breakpoint
CREATE UNIQUE INDEX `agent_definitions_owned` ON `agent_definitions` (`client_id`,`type`) WHERE deleted_at IS NULL AND client_id IS NOT NULL;--> statement-breakpoint
DROP INDEX `workflow_definitions_name`;--> statement-breakpoint
ALTER TABLE `workflow_definitions` ADD `client_id` text REFERENCES clients(id);--> statement-breakpoint
CREATE INDEX `workflow_definitions_named` ON `workflow_definitions` (`name`,`client_id`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE UNIQUE INDEX `workflow_definitions_platform` ON `workflow_definitions` (`name`) WHERE deleted_at IS NULL AND client_id IS NULL;--> statement-breakpoint
CREATE UNIQUE INDEX `workflow_definitions_owned` ON `workflow_definitions` (`client_id`,`name`) WHERE deleted_at IS NULL AND client_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `workflow_definitions_owner` ON `workflow_definitions` (`client_id`,`created_at`,`id`) WHERE deleted_at IS NULL;--> statement-breakpoint
ALTER TABLE `templates` ADD `client_id` text REFERENCES clients(id);--> statement-breakpoint
CREATE INDEX `templates_owner` ON `templates` (`client_id`,`created_at`,`id`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `runs_user` ON `runs` (`user_id`,`created_at`,`correlation_id`);