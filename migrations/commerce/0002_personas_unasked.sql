CREATE TABLE `tools_without_approval` (
	`client_id` text NOT NULL,
	`instance_id` text NOT NULL,
	`tool` text NOT NULL,
	`currency` text NOT NULL,
	`run_count` integer NOT NULL,
	`run_amount` integer NOT NULL,
	`day_count` integer NOT NULL,
	`day_amount` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`instance_id`, `tool`),
	CONSTRAINT "tools_without_approval_bounds" CHECK(run_count >= 0 AND day_count >= 0 AND run_amount >= 0 AND day_amount >= 0)
);
--> statement-breakpoint
CREATE TABLE `unasked_changes` (
	`task_id` text PRIMARY KEY NOT NULL,
	`client_id` text NOT NULL,
	`instance_id` text NOT NULL,
	`run_id` text NOT NULL,
	`tool` text NOT NULL,
	`day` text NOT NULL,
	`currency` text NOT NULL,
	`amount` integer NOT NULL,
	`change` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `unasked_changes_run` ON `unasked_changes` (`run_id`,`instance_id`,`tool`);--> statement-breakpoint
CREATE INDEX `unasked_changes_day` ON `unasked_changes` (`instance_id`,`tool`,`day`);--> statement-breakpoint
CREATE INDEX `unasked_changes_old` ON `unasked_changes` (`created_at`);