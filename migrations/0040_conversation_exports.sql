CREATE TABLE `conversation_exports` (
	`id` text PRIMARY KEY NOT NULL,
	`client_id` text NOT NULL,
	`status` text NOT NULL,
	`format` text NOT NULL,
	`branch` text NOT NULL,
	`include_notes` integer NOT NULL,
	`include_attachments` integer NOT NULL,
	`conversation_ids` text NOT NULL,
	`done` integer NOT NULL,
	`attempts` integer NOT NULL,
	`request_key` text,
	`body_digest` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`completed_at` integer
);
--> statement-breakpoint
CREATE INDEX `conversation_exports_of_client` ON `conversation_exports` (`client_id`);--> statement-breakpoint
CREATE INDEX `conversation_exports_unfinished` ON `conversation_exports` (`updated_at`) WHERE status = 'running';--> statement-breakpoint
CREATE INDEX `conversation_exports_finished` ON `conversation_exports` (`completed_at`) WHERE completed_at IS NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX `conversation_exports_request` ON `conversation_exports` (`request_key`) WHERE request_key IS NOT NULL;