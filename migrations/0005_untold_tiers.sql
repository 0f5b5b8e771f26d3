ALTER TABLE `users` ADD `tier_untold_since` integer;--> statement-breakpoint
CREATE INDEX `users_tier_untold` ON `users` (`id`) WHERE tier_untold_since IS NOT NULL;