CREATE TABLE `clients` (
	`id` text PRIMARY KEY NOT NULL,
	`display_name` text NOT NULL,
	`settings` text NOT NULL,
	`is_active` integer DEFAULT true NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
