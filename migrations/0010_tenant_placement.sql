ALTER TABLE `clients` ADD `jurisdiction` text;--> statement-breakpoint
ALTER TABLE `clients` ADD `location_hint` text;