ALTER TABLE `conversations` ADD `archived_at` integer;--> statement-breakpoint
CREATE INDEX `conversations_ended` ON `conversations` (`client_id`,`ended_at`) WHERE status = 'ended' AND erased_at IS NULL;--> statement-breakpoint
CREATE INDEX `conversations_to_archive` ON `conversations` (`client_id`,`ended_at`) WHERE status = 'ended' AND erased_at IS NULL AND archived_at IS NULL;