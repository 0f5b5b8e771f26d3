CREATE TABLE `visitor_tokens` (
	`widget_id` text NOT NULL,
	`hash` text NOT NULL,
	`visitor_id` text NOT NULL,
	`identity_id` text,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`widget_id`, `hash`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `visitor_tokens_identity` ON `visitor_tokens` (`widget_id`,`identity_id`);--> statement-breakpoint
CREATE INDEX `visitor_tokens_expiry` ON `visitor_tokens` (`expires_at`);--> statement-breakpoint
CREATE TABLE `visitors` (
	`id` text PRIMARY KEY NOT NULL,
	`client_id` text NOT NULL,
	`widget_id` text NOT NULL,
	`external_id` text,
	`name` text,
	`email` text,
	`created_at` integer NOT NULL,
	`seen_at` integer NOT NULL,
	FOREIGN KEY (`client_id`) REFERENCES `clients`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `visitors_known` ON `visitors` (`widget_id`,`external_id`);--> statement-breakpoint
CREATE INDEX `visitors_seen` ON `visitors` (`seen_at`);--> statement-breakpoint
CREATE TABLE `widgets` (
	`id` text PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`client_id` text NOT NULL,
	`instance_id` text NOT NULL,
	`name` text NOT NULL,
	`enabled` integer NOT NULL,
	`origins` text NOT NULL,
	`require_identity` integer NOT NULL,
	`secret` text NOT NULL,
	`theme` text NOT NULL,
	`texts` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`client_id`) REFERENCES `clients`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`instance_id`) REFERENCES `persona_instances`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `widgets_key` ON `widgets` (`key`);--> statement-breakpoint
CREATE INDEX `widgets_listed` ON `widgets` (`client_id`,`created_at`,`id`);--> statement-breakpoint
ALTER TABLE `persona_chats` ADD `daily_turns_per_person` integer;--> statement-breakpoint
CREATE INDEX `conversations_of_visitors` ON `conversations` (`moved_at`) WHERE owner_kind = 'visitor' AND erased_at IS NULL;