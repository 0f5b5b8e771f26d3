CREATE TABLE `open_tasks` (
	`client_id` text NOT NULL,
	`shard` integer NOT NULL,
	`at` integer NOT NULL,
	`until` integer NOT NULL,
	`topics` text NOT NULL,
	PRIMARY KEY(`client_id`, `shard`)
);
--> statement-breakpoint
CREATE INDEX `open_tasks_until` ON `open_tasks` (`until`);