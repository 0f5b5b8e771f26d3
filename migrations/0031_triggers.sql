CREATE TABLE `triggers` (
	`id` text PRIMARY KEY NOT NULL,
	`client_id` text NOT NULL,
	`instance_id` text NOT NULL,
	`owner_user_id` text NOT NULL,
	`event` text NOT NULL,
	`condition` text,
	`input` text NOT NULL,
	`max_per_hour` integer NOT NULL,
	`is_enabled` integer NOT NULL,
	`version` integer NOT NULL,
	`is_pending` integer NOT NULL,
	`epoch` text,
	`seq` integer NOT NULL,
	`hour` integer NOT NULL,
	`fired_in_hour` integer NOT NULL,
	`failures` integer NOT NULL,
	`last_fired_at` integer,
	`last_error` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`client_id`) REFERENCES `clients`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `triggers_listed` ON `triggers` (`instance_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `triggers_tenant` ON `triggers` (`client_id`);--> statement-breakpoint
CREATE INDEX `triggers_pending` ON `triggers` (`updated_at`) WHERE is_pending = 1;