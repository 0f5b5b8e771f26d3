CREATE TABLE `webhook_endpoints` (
	`id` text PRIMARY KEY NOT NULL,
	`client_id` text NOT NULL,
	`url` text NOT NULL,
	`events` text NOT NULL,
	`description` text NOT NULL,
	`ordered` integer NOT NULL,
	`rate_limit` integer,
	`is_active` integer DEFAULT true NOT NULL,
	`disabled_reason` text,
	`disabled_at` integer,
	`version` integer NOT NULL,
	`is_pending` integer NOT NULL,
	`deleted_at` integer,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`client_id`) REFERENCES `clients`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `webhook_endpoints_listed` ON `webhook_endpoints` (`client_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `webhook_endpoints_pending` ON `webhook_endpoints` (`updated_at`) WHERE is_pending = 1;