CREATE TABLE `platform_totals` (
	`only` integer PRIMARY KEY NOT NULL,
	`usage` text NOT NULL,
	`recent` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `row_counts` (
	`name` text NOT NULL,
	`key` text NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`name`, `key`)
);
--> statement-breakpoint
ALTER TABLE `users` ADD `last_active_day` integer;