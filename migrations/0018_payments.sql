CREATE TABLE `payment_months` (
	`month` text PRIMARY KEY NOT NULL,
	`charged` integer DEFAULT 0 NOT NULL,
	`refunded` integer DEFAULT 0 NOT NULL,
	`began` integer DEFAULT 0 NOT NULL,
	`ended` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE `payments` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`user_id` text NOT NULL,
	`external_id` text,
	`amount` integer NOT NULL,
	`currency` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `payments_user` ON `payments` (`user_id`,`at`);--> statement-breakpoint
ALTER TABLE `subscriptions` ADD `customer_id` text;--> statement-breakpoint
ALTER TABLE `subscriptions` ADD `external_id` text;--> statement-breakpoint
ALTER TABLE `subscriptions` ADD `untold_since` integer;--> statement-breakpoint
CREATE INDEX `subscriptions_customer` ON `subscriptions` (`customer_id`) WHERE customer_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `subscriptions_untold` ON `subscriptions` (`untold_since`) WHERE untold_since IS NOT NULL;