CREATE TABLE `canned_replies` (
	`id` text PRIMARY KEY NOT NULL,
	`client_id` text NOT NULL,
	`shortcut` text NOT NULL,
	`text` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`client_id`) REFERENCES `clients`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `canned_replies_shortcut` ON `canned_replies` (`client_id`,`shortcut`);--> statement-breakpoint
CREATE INDEX `canned_replies_listed` ON `canned_replies` (`client_id`,`created_at`,`id`);--> statement-breakpoint
ALTER TABLE `webhook_endpoints` ADD `include_content` integer DEFAULT false NOT NULL;