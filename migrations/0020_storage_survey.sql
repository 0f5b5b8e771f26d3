CREATE TABLE `storage_survey` (
	`only` integer PRIMARY KEY NOT NULL,
	`last_key` text,
	`seen_bytes` integer NOT NULL,
	`bytes` integer,
	`measured_at` integer
);
