DROP INDEX `runs_instance`;--> statement-breakpoint
DROP INDEX `runs_instance_ended`;--> statement-breakpoint
DROP INDEX `runs_client_totals`;--> statement-breakpoint
DROP INDEX `runs_client`;--> statement-breakpoint
DROP INDEX `runs_status`;--> statement-breakpoint
DROP INDEX `runs_user`;--> statement-breakpoint
DROP INDEX `runs_user_completed`;--> statement-breakpoint
DROP INDEX `runs_open_tasks`;--> statement-breakpoint
ALTER TABLE `runs` ADD `history_revision` integer;--> statement-breakpoint
CREATE INDEX `runs_of_client` ON `runs` (`client_id`,`created_at`,`correlation_id`);--> statement-breakpoint
CREATE INDEX `runs_open` ON `runs` (`status`,`created_at`,`correlation_id`) WHERE completed_at IS NULL;--> statement-breakpoint
CREATE INDEX `runs_unsuccessful` ON `runs` (`status`,`created_at`,`correlation_id`) WHERE status IN ('failed', 'cancelled');--> statement-breakpoint
CREATE INDEX `runs_unsuccessful_of_client` ON `runs` (`client_id`,`status`,`created_at`,`correlation_id`) WHERE status IN ('failed', 'cancelled');--> statement-breakpoint
CREATE INDEX `runs_older` ON `runs` (`client_id`,`created_at`,`correlation_id`) WHERE (history_revision IS NULL OR history_revision < revision);