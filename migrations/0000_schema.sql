CREATE TABLE `audit_log` (
	`id` text PRIMARY KEY NOT NULL,
	`actor_id` text,
	`action` text NOT NULL,
	`target_type` text NOT NULL,
	`target_id` text NOT NULL,
	`client_id` text NOT NULL,
	`details` text NOT NULL,
	`ip` text NOT NULL,
	`user_agent` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_log_target` ON `audit_log` (`target_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `audit_log_actor` ON `audit_log` (`actor_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `clients` (
	`id` text PRIMARY KEY NOT NULL,
	`display_name` text NOT NULL,
	`settings` text NOT NULL,
	`is_active` integer DEFAULT true NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`gate_pending` integer DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE INDEX `clients_listed` ON `clients` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `clients_active` ON `clients` (`is_active`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `clients_gate_pending` ON `clients` (`id`) WHERE gate_pending = 1;--> statement-breakpoint
CREATE TABLE `content_slots` (
	`key` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`correlation_id` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `content_slots_user` ON `content_slots` (`user_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `content_slots_created` ON `content_slots` (`created_at`);--> statement-breakpoint
CREATE TABLE `event_outbox` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`client_id` text NOT NULL,
	`event` text NOT NULL,
	`entity_id` text NOT NULL,
	`owner_user_id` text,
	`data` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `event_outbox_id_unique` ON `event_outbox` (`id`);--> statement-breakpoint
CREATE INDEX `event_outbox_client` ON `event_outbox` (`client_id`,`seq`);--> statement-breakpoint
CREATE TABLE `import_jobs` (
	`id` text PRIMARY KEY NOT NULL,
	`client_id` text NOT NULL,
	`status` text NOT NULL,
	`total_rows` integer NOT NULL,
	`next_row` integer NOT NULL,
	`lease_until` integer NOT NULL,
	`attempts` integer NOT NULL,
	`rows_key` text,
	`actor_id` text NOT NULL,
	`ip` text NOT NULL,
	`user_agent` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`completed_at` integer,
	FOREIGN KEY (`client_id`) REFERENCES `clients`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`actor_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `import_jobs_unfinished` ON `import_jobs` (`updated_at`) WHERE status IN ('preparing', 'running');--> statement-breakpoint
CREATE INDEX `import_jobs_finished` ON `import_jobs` (`completed_at`) WHERE completed_at IS NOT NULL;--> statement-breakpoint
CREATE TABLE `import_results` (
	`job_id` text NOT NULL,
	`row` integer NOT NULL,
	`user_id` text,
	`error` text,
	`mail_tries` integer NOT NULL,
	PRIMARY KEY(`job_id`, `row`),
	FOREIGN KEY (`job_id`) REFERENCES `import_jobs`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `import_results_mails` ON `import_results` (`job_id`,mail_tries DESC,`row`) WHERE mail_tries > 0;--> statement-breakpoint
CREATE INDEX `import_results_errors` ON `import_results` (`job_id`,`row`) WHERE error IS NOT NULL;--> statement-breakpoint
CREATE TABLE `agent_definitions` (
	`id` text PRIMARY KEY NOT NULL,
	`type` text NOT NULL,
	`display_name` text NOT NULL,
	`description` text NOT NULL,
	`category` text NOT NULL,
	`default_config` text NOT NULL,
	`is_active` integer DEFAULT true NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`deleted_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `agent_definitions_type` ON `agent_definitions` (`type`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE TABLE `persona_instances` (
	`id` text PRIMARY KEY NOT NULL,
	`client_id` text NOT NULL,
	`owner_user_id` text NOT NULL,
	`template_id` text NOT NULL,
	`template_version` integer NOT NULL,
	`project_id` text,
	`name` text NOT NULL,
	`config` text NOT NULL,
	`is_active` integer DEFAULT true NOT NULL,
	`revision` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`deleted_at` integer,
	FOREIGN KEY (`client_id`) REFERENCES `clients`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`owner_user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`template_id`) REFERENCES `templates`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `persona_instances_owned` ON `persona_instances` (`owner_user_id`);--> statement-breakpoint
CREATE INDEX `persona_instances_owner` ON `persona_instances` (`owner_user_id`,`created_at`,`id`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `persona_instances_project` ON `persona_instances` (`project_id`,`created_at`,`id`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `persona_instances_client` ON `persona_instances` (`client_id`,`created_at`,`id`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `persona_instances_template` ON `persona_instances` (`template_id`,`created_at`,`id`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `persona_instances_listed` ON `persona_instances` (`created_at`,`id`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE TABLE `template_versions` (
	`template_id` text NOT NULL,
	`version` integer NOT NULL,
	`name` text NOT NULL,
	`description` text NOT NULL,
	`category` text NOT NULL,
	`config` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`template_id`, `version`),
	FOREIGN KEY (`template_id`) REFERENCES `templates`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `templates` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`description` text NOT NULL,
	`category` text NOT NULL,
	`version` integer NOT NULL,
	`config` text NOT NULL,
	`is_active` integer DEFAULT true NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`deleted_at` integer
);
--> statement-breakpoint
CREATE INDEX `templates_listed` ON `templates` (`created_at`,`id`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `templates_category` ON `templates` (`category`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE TABLE `projects` (
	`id` text PRIMARY KEY NOT NULL,
	`client_id` text NOT NULL,
	`owner_id` text NOT NULL,
	`name` text NOT NULL,
	`description` text NOT NULL,
	`is_active` integer DEFAULT true NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`client_id`) REFERENCES `clients`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`owner_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `projects_owner` ON `projects` (`owner_id`,`is_active`,`created_at`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `projects_name` ON `projects` (`owner_id`,`name`) WHERE is_active = 1;--> statement-breakpoint
CREATE TABLE `dead_letters` (
	`id` text PRIMARY KEY NOT NULL,
	`queue` text NOT NULL,
	`reason` text NOT NULL,
	`body` text NOT NULL,
	`client_id` text,
	`correlation_id` text,
	`task_id` text,
	`created_at` integer NOT NULL,
	`redriven_at` integer,
	`redriven_by` text
);
--> statement-breakpoint
CREATE INDEX `dead_letters_listed` ON `dead_letters` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `dead_letters_queue` ON `dead_letters` (`queue`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `runs` (
	`correlation_id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`client_id` text NOT NULL,
	`user_id` text NOT NULL,
	`instance_id` text,
	`project_id` text,
	`template_id` text,
	`status` text NOT NULL,
	`current_step` text,
	`fuel_budget` integer NOT NULL,
	`fuel_spent` integer NOT NULL,
	`tokens_in` integer NOT NULL,
	`tokens_out` integer NOT NULL,
	`cost_micros` integer NOT NULL,
	`error_code` text,
	`error_message` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`completed_at` integer,
	`open_tasks` text
);
--> statement-breakpoint
CREATE INDEX `runs_instance` ON `runs` (`instance_id`,`created_at`,`correlation_id`);--> statement-breakpoint
CREATE INDEX `runs_instance_ended` ON `runs` (`instance_id`,`completed_at`,`correlation_id`) WHERE completed_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX `runs_client_totals` ON `runs` (`client_id`,`created_at`,`correlation_id`,`fuel_spent`);--> statement-breakpoint
CREATE INDEX `runs_client` ON `runs` (`client_id`,`status`,`created_at`,`correlation_id`);--> statement-breakpoint
CREATE INDEX `runs_status` ON `runs` (`status`,`created_at`,`correlation_id`);--> statement-breakpoint
CREATE INDEX `runs_user_completed` ON `runs` (`user_id`,`status`,`completed_at`);--> statement-breakpoint
CREATE INDEX `runs_created` ON `runs` (`created_at`,`correlation_id`);--> statement-breakpoint
CREATE INDEX `runs_open_tasks` ON `runs` (`correlation_id`) WHERE open_tasks IS NOT NULL;--> statement-breakpoint
CREATE TABLE `usage` (
	`id` text PRIMARY KEY NOT NULL,
	`client_id` text NOT NULL,
	`user_id` text NOT NULL,
	`instance_id` text,
	`correlation_id` text NOT NULL,
	`step_name` text NOT NULL,
	`agent_type` text NOT NULL,
	`action` text NOT NULL,
	`model` text,
	`fuel` integer NOT NULL,
	`tokens_in` integer NOT NULL,
	`tokens_out` integer NOT NULL,
	`cost_micros` integer NOT NULL,
	`duration_ms` integer NOT NULL,
	`success` integer NOT NULL,
	`error_code` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `usage_client` ON `usage` (`client_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `usage_user` ON `usage` (`user_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `usage_run` ON `usage` (`correlation_id`);--> statement-breakpoint
CREATE INDEX `usage_instance` ON `usage` (`instance_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `usage_images` ON `usage` (`instance_id`,`created_at`,`id`) WHERE agent_type = 'image-generator' AND success = 1;--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_used_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`revoked_at` integer,
	`ip` text NOT NULL,
	`user_agent` text NOT NULL,
	`generation` integer NOT NULL,
	`refresh_hash` text NOT NULL,
	`refresh_expires_at` integer NOT NULL,
	`rotated_at` integer NOT NULL,
	`gate_pending` integer DEFAULT false NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `sessions_user` ON `sessions` (`user_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `sessions_last_used` ON `sessions` (`last_used_at`);--> statement-breakpoint
CREATE INDEX `sessions_expires` ON `sessions` (`expires_at`);--> statement-breakpoint
CREATE INDEX `sessions_gate_pending` ON `sessions` (`id`) WHERE gate_pending = 1;--> statement-breakpoint
CREATE TABLE `subscription_tiers` (
	`name` text PRIMARY KEY NOT NULL,
	`monthly_cents` integer NOT NULL,
	`yearly_cents` integer NOT NULL,
	`max_personas` integer NOT NULL,
	`max_projects` integer NOT NULL,
	`max_content` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `subscriptions` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`tier` text NOT NULL,
	`status` text NOT NULL,
	`start_date` integer NOT NULL,
	`end_date` integer,
	`trial_ends_at` integer,
	`payment_method` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `subscriptions_user_id_unique` ON `subscriptions` (`user_id`);--> statement-breakpoint
CREATE INDEX `subscriptions_created` ON `subscriptions` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `subscriptions_status` ON `subscriptions` (`status`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `subscriptions_tier` ON `subscriptions` (`tier`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `subscriptions_status_tier` ON `subscriptions` (`status`,`tier`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `subscriptions_trial_ends` ON `subscriptions` (`trial_ends_at`) WHERE status = 'trialing';--> statement-breakpoint
CREATE INDEX `subscriptions_end` ON `subscriptions` (`end_date`) WHERE status IN ('active', 'past_due', 'canceled');--> statement-breakpoint
CREATE TABLE `task_counts` (
	`agent_type` text NOT NULL,
	`day` integer NOT NULL,
	`finished` integer NOT NULL,
	`failed` integer NOT NULL,
	PRIMARY KEY(`day`, `agent_type`)
);
--> statement-breakpoint
CREATE TABLE `login_failures` (
	`key` text PRIMARY KEY NOT NULL,
	`failures` integer NOT NULL,
	`last_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `login_failures_last` ON `login_failures` (`last_at`);--> statement-breakpoint
CREATE TABLE `one_time_tokens` (
	`hash` text PRIMARY KEY NOT NULL,
	`purpose` text NOT NULL,
	`user_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `one_time_tokens_user` ON `one_time_tokens` (`user_id`,`purpose`);--> statement-breakpoint
CREATE INDEX `one_time_tokens_expires` ON `one_time_tokens` (`expires_at`);--> statement-breakpoint
CREATE TABLE `permissions` (
	`name` text PRIMARY KEY NOT NULL,
	`description` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `user_permissions` (
	`user_id` text NOT NULL,
	`permission` text NOT NULL,
	`granted_at` integer NOT NULL,
	PRIMARY KEY(`user_id`, `permission`),
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`permission`) REFERENCES `permissions`(`name`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `user_profiles` (
	`user_id` text PRIMARY KEY NOT NULL,
	`first_name` text,
	`last_name` text,
	`company` text,
	`phone` text,
	`avatar_url` text,
	`preferences` text NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`email` text NOT NULL,
	`password_hash` text NOT NULL,
	`role` text DEFAULT 'user' NOT NULL,
	`client_id` text NOT NULL,
	`subscription_tier` text DEFAULT 'free' NOT NULL,
	`is_active` integer DEFAULT true NOT NULL,
	`email_verified` integer DEFAULT false NOT NULL,
	`must_change_password` integer DEFAULT false NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`last_login_at` integer,
	`total_logins` integer DEFAULT 0 NOT NULL,
	`deleted_at` integer,
	`scrubbed_at` integer,
	FOREIGN KEY (`client_id`) REFERENCES `clients`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_email` ON `users` (`email`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `users_listed` ON `users` (`created_at`,`id`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `users_updated` ON `users` (`updated_at`,`id`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `users_last_login` ON `users` (`last_login_at`,`id`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `users_client` ON `users` (`client_id`,`created_at`,`id`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `users_role` ON `users` (`role`,`created_at`,`id`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `users_tier` ON `users` (`subscription_tier`,`created_at`,`id`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `users_active` ON `users` (`is_active`,`created_at`,`id`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `users_to_scrub` ON `users` (`deleted_at`) WHERE deleted_at IS NOT NULL AND scrubbed_at IS NULL;--> statement-breakpoint
CREATE TABLE `workflow_definitions` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`description` text NOT NULL,
	`version` integer NOT NULL,
	`plan` text NOT NULL,
	`is_active` integer DEFAULT true NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`deleted_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `workflow_definitions_name` ON `workflow_definitions` (`name`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `workflow_definitions_listed` ON `workflow_definitions` (`created_at`,`id`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE TABLE `workflow_references` (
	`workflow_name` text NOT NULL,
	`referrer_type` text NOT NULL,
	`referrer_id` text NOT NULL,
	PRIMARY KEY(`workflow_name`, `referrer_type`, `referrer_id`)
);
--> statement-breakpoint
CREATE INDEX `workflow_references_referrer` ON `workflow_references` (`referrer_type`,`referrer_id`);--> statement-breakpoint
CREATE TABLE `workflow_uses` (
	`workflow_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`correlation_id` text NOT NULL,
	`version` integer NOT NULL,
	PRIMARY KEY(`workflow_id`, `created_at`, `correlation_id`)
);
--> statement-breakpoint
CREATE TABLE `workflow_versions` (
	`workflow_id` text NOT NULL,
	`version` integer NOT NULL,
	`description` text NOT NULL,
	`plan` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workflow_id`, `version`),
	FOREIGN KEY (`workflow_id`) REFERENCES `workflow_definitions`(`id`) ON UPDATE no action ON DELETE no action
);
