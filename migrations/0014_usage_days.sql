CREATE TABLE `usage_days` (
	`day` integer PRIMARY KEY NOT NULL,
	`usage` text NOT NULL
);
