CREATE TABLE `active_persons` (
	`number` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`client_id` text NOT NULL,
	`person` text NOT NULL,
	`period` text NOT NULL,
	`start` integer NOT NULL,
	`batch` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `active_persons_start` ON `active_persons` (`start`);--> statement-breakpoint
CREATE UNIQUE INDEX `active_persons_of_person` ON `active_persons` (`client_id`,`person`,`period`,`start`);--> statement-breakpoint
CREATE TABLE `analytics_consents` (
	`client_id` text NOT NULL,
	`person` text NOT NULL,
	PRIMARY KEY(`client_id`, `person`)
);
--> statement-breakpoint
CREATE TABLE `analytics_marks` (
	`name` text PRIMARY KEY NOT NULL,
	`number` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `cohort_members` (
	`client_id` text NOT NULL,
	`person` text NOT NULL,
	`period` text NOT NULL,
	`first` integer NOT NULL,
	PRIMARY KEY(`client_id`, `person`, `period`)
);
--> statement-breakpoint
CREATE INDEX `cohort_members_first` ON `cohort_members` (`first`);--> statement-breakpoint
CREATE TABLE `cohorts` (
	`client_id` text NOT NULL,
	`period` text NOT NULL,
	`first` integer NOT NULL,
	`later` integer NOT NULL,
	`persons` integer NOT NULL,
	PRIMARY KEY(`client_id`, `period`, `first`, `later`)
);
--> statement-breakpoint
CREATE INDEX `cohorts_first` ON `cohorts` (`first`);--> statement-breakpoint
CREATE TABLE `counted_events` (
	`number` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`batch` text NOT NULL,
	`client_id` text NOT NULL,
	`at` integer NOT NULL,
	`metric` text NOT NULL,
	`told_by` text NOT NULL,
	`value` integer NOT NULL,
	`person` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `counted_events_id_unique` ON `counted_events` (`id`);--> statement-breakpoint
CREATE INDEX `counted_events_at` ON `counted_events` (`at`);--> statement-breakpoint
CREATE INDEX `counted_events_of_client` ON `counted_events` (`client_id`,`number`) WHERE person IS NOT NULL;--> statement-breakpoint
CREATE INDEX `counted_events_person` ON `counted_events` (`client_id`,`person`) WHERE person IS NOT NULL;--> statement-breakpoint
CREATE TABLE `funnel_progress` (
	`client_id` text NOT NULL,
	`person` text NOT NULL,
	`funnel` text NOT NULL,
	`step` integer NOT NULL,
	`since` integer NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`client_id`, `person`, `funnel`)
);
--> statement-breakpoint
CREATE INDEX `funnel_progress_since` ON `funnel_progress` (`since`);--> statement-breakpoint
CREATE TABLE `funnels` (
	`id` text PRIMARY KEY NOT NULL,
	`client_id` text NOT NULL,
	`name` text NOT NULL,
	`steps` text NOT NULL,
	`window_days` integer NOT NULL,
	`key` text NOT NULL,
	`counted` integer NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`client_id`) REFERENCES `clients`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `funnels_listed` ON `funnels` (`client_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `funnels_counted` ON `funnels` (`counted`);--> statement-breakpoint
CREATE TABLE `person_sketches` (
	`client_id` text NOT NULL,
	`day` integer NOT NULL,
	`sketch` text NOT NULL,
	PRIMARY KEY(`client_id`, `day`)
);
--> statement-breakpoint
CREATE INDEX `person_sketches_day` ON `person_sketches` (`day`);--> statement-breakpoint
CREATE TABLE `rollup_days` (
	`client_id` text NOT NULL,
	`metric` text NOT NULL,
	`dimension` text NOT NULL,
	`name` text NOT NULL,
	`n` integer NOT NULL,
	`sum` integer NOT NULL,
	`day` integer NOT NULL,
	PRIMARY KEY(`client_id`, `metric`, `dimension`, `day`, `name`)
);
--> statement-breakpoint
CREATE INDEX `rollup_days_older` ON `rollup_days` (`day`);--> statement-breakpoint
CREATE TABLE `rollup_hours` (
	`client_id` text NOT NULL,
	`metric` text NOT NULL,
	`dimension` text NOT NULL,
	`name` text NOT NULL,
	`n` integer NOT NULL,
	`sum` integer NOT NULL,
	`hour` integer NOT NULL,
	PRIMARY KEY(`client_id`, `metric`, `dimension`, `hour`, `name`)
);
--> statement-breakpoint
CREATE INDEX `rollup_hours_older` ON `rollup_hours` (`hour`);