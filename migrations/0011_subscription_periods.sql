ALTER TABLE `subscriptions` ADD `billing_interval` text;--> statement-breakpoint
ALTER TABLE `subscriptions` ADD `current_period_start` integer;--> statement-breakpoint
ALTER TABLE `subscriptions` ADD `current_period_end` integer;--> statement-breakpoint
ALTER TABLE `subscriptions` ADD `cancelled_at` integer;--> statement-breakpoint
ALTER TABLE `subscriptions` ADD `revision` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
-- What was paid by nobody was counted by the month; a cancellation used to end a subscription at once.
UPDATE `subscriptions` SET `billing_interval` = 'month' WHERE `tier` <> 'free';--> statement-breakpoint
UPDATE `subscriptions` SET `cancelled_at` = `end_date` WHERE `status` = 'canceled';