CREATE TABLE `conversations` (
	`id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`client_id` text NOT NULL,
	`owner_id` text NOT NULL,
	`owner_kind` text NOT NULL,
	`instance_id` text NOT NULL,
	`title` text,
	`status` text NOT NULL,
	`holder` text NOT NULL,
	`admin_id` text,
	`last_seq` integer NOT NULL,
	`unread` integer NOT NULL,
	`last_role` text,
	`last_preview` text,
	`started_at` integer NOT NULL,
	`last_message_at` integer,
	`ended_at` integer,
	`erased_at` integer,
	`moved_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `conversations_of_owner` ON `conversations` (`owner_id`,`moved_at`,`id`) WHERE erased_at IS NULL;--> statement-breakpoint
CREATE INDEX `conversations_started_by_owner` ON `conversations` (`owner_id`,`started_at`,`id`) WHERE erased_at IS NULL;--> statement-breakpoint
CREATE INDEX `conversations_of_client` ON `conversations` (`client_id`,`moved_at`,`id`) WHERE erased_at IS NULL;--> statement-breakpoint
CREATE INDEX `conversations_waiting` ON `conversations` (`client_id`,`moved_at`,`id`) WHERE holder = 'queue' AND erased_at IS NULL;--> statement-breakpoint
CREATE TABLE `persona_chats` (
	`instance_id` text PRIMARY KEY NOT NULL,
	`client_id` text NOT NULL,
	`enabled` integer NOT NULL,
	`audience` text NOT NULL,
	`greeting` text,
	`starters` text NOT NULL,
	`fuel_per_turn` integer,
	`on_busy` text NOT NULL,
	`handover` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`instance_id`) REFERENCES `persona_instances`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`client_id`) REFERENCES `clients`(`id`) ON UPDATE no action ON DELETE no action
);
