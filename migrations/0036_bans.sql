CREATE TABLE `bans` (
	`id` text PRIMARY KEY NOT NULL,
	`client_id` text NOT NULL,
	`person_id` text NOT NULL,
	`person_kind` text NOT NULL,
	`reason` text NOT NULL,
	`until` integer,
	`created_by` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`client_id`) REFERENCES `clients`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `bans_person` ON `bans` (`person_id`,`client_id`);--> statement-breakpoint
CREATE INDEX `bans_listed` ON `bans` (`client_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `bans_of_visitors` ON `bans` (`person_id`) WHERE person_kind = 'visitor';--> statement-breakpoint
ALTER TABLE `moderation_rules` ADD `ban_seconds` integer;