CREATE TABLE `job_runs` (
	`job` text PRIMARY KEY NOT NULL,
	`lease_until` integer NOT NULL,
	`holder` text NOT NULL,
	`started_at` integer NOT NULL,
	`finished_at` integer,
	`outcome` text,
	`error` text,
	`duration_ms` integer,
	`count` integer,
	`runs` integer NOT NULL,
	`failures` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `platform_settings` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL,
	`version` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`updated_by` text NOT NULL,
	`pending` integer DEFAULT false NOT NULL
);
