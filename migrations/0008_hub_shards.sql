ALTER TABLE `clients` ADD `hub_shards` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `clients` ADD `hub_shards_before` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `clients` ADD `hub_shards_at` integer DEFAULT 0 NOT NULL;