CREATE TABLE `moderation_rules` (
	`id` text PRIMARY KEY NOT NULL,
	`client_id` text NOT NULL,
	`name` text NOT NULL,
	`words` text NOT NULL,
	`pattern` text,
	`action` text NOT NULL,
	`is_active` integer NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`client_id`) REFERENCES `clients`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `moderation_rules_listed` ON `moderation_rules` (`client_id`,`created_at`,`id`);--> statement-breakpoint
ALTER TABLE `conversations` ADD `flagged` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `conversations_flagged` ON `conversations` (`client_id`,`moved_at`,`id`) WHERE flagged > 0 AND erased_at IS NULL;