CREATE TABLE `commerce_changes` (
	`id` text PRIMARY KEY NOT NULL,
	`client_id` text NOT NULL,
	`action` text NOT NULL,
	`entity_id` text NOT NULL,
	`actor_id` text,
	`via` text NOT NULL,
	`ip` text NOT NULL,
	`user_agent` text NOT NULL,
	`details` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `commerce_changes_entity` ON `commerce_changes` (`entity_id`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `commerce_keys` (
	`key` text PRIMARY KEY NOT NULL,
	`body_digest` text NOT NULL,
	`entity_id` text NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `commerce_keys_expired` ON `commerce_keys` (`expires_at`);--> statement-breakpoint
CREATE TABLE `customer_totals` (
	`customer_id` text NOT NULL,
	`currency` text NOT NULL,
	`client_id` text NOT NULL,
	`orders` integer NOT NULL,
	`value` integer NOT NULL,
	PRIMARY KEY(`customer_id`, `currency`)
);
--> statement-breakpoint
CREATE INDEX `customer_totals_value` ON `customer_totals` (`client_id`,`currency`,`value`);--> statement-breakpoint
CREATE TABLE `customers` (
	`id` text PRIMARY KEY NOT NULL,
	`client_id` text NOT NULL,
	`name` text NOT NULL,
	`email` text,
	`phone` text,
	`external_id` text,
	`user_id` text,
	`address` text,
	`tags` text NOT NULL,
	`notes` text NOT NULL,
	`orders_count` integer DEFAULT 0 NOT NULL,
	`last_order_at` integer,
	`last_order_day` text,
	`is_active` integer NOT NULL,
	`version` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`deleted_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `customers_email` ON `customers` (`client_id`,lower(email)) WHERE email IS NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX `customers_external` ON `customers` (`client_id`,`external_id`) WHERE external_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `customers_list` ON `customers` (`client_id`,`created_at`,`id`);--> statement-breakpoint
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
CREATE TABLE `order_items` (
	`order_id` text NOT NULL,
	`line` integer NOT NULL,
	`product_id` text NOT NULL,
	`sku` text NOT NULL,
	`name` text NOT NULL,
	`quantity` integer NOT NULL,
	`unit_price` integer NOT NULL,
	`total` integer NOT NULL,
	PRIMARY KEY(`order_id`, `line`)
);
--> statement-breakpoint
CREATE TABLE `order_numbers` (
	`client_id` text PRIMARY KEY NOT NULL,
	`last` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `order_payments` (
	`id` text PRIMARY KEY NOT NULL,
	`client_id` text NOT NULL,
	`order_id` text NOT NULL,
	`kind` text NOT NULL,
	`amount` integer NOT NULL,
	`currency` text NOT NULL,
	`method` text NOT NULL,
	`reference` text,
	`actor_id` text,
	`day` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `order_payments_order` ON `order_payments` (`order_id`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `orders` (
	`id` text PRIMARY KEY NOT NULL,
	`client_id` text NOT NULL,
	`number` integer NOT NULL,
	`status` text NOT NULL,
	`payment_status` text NOT NULL,
	`customer_id` text NOT NULL,
	`location_id` text NOT NULL,
	`currency` text NOT NULL,
	`subtotal` integer NOT NULL,
	`discount` integer NOT NULL,
	`tax` integer NOT NULL,
	`shipping` integer NOT NULL,
	`total` integer NOT NULL,
	`units` integer NOT NULL,
	`paid` integer NOT NULL,
	`refunded` integer NOT NULL,
	`notes` text NOT NULL,
	`shipping_address` text,
	`source` text NOT NULL,
	`created_by` text,
	`run_id` text,
	`instance_id` text,
	`reserved_until` integer,
	`cancel_reason` text,
	`day` text NOT NULL,
	`version` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`confirmed_at` integer,
	`fulfilled_at` integer,
	`completed_at` integer,
	`cancelled_at` integer,
	`returned_at` integer,
	CONSTRAINT "orders_refunds" CHECK(refunded >= 0 AND refunded <= paid)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `orders_number` ON `orders` (`client_id`,`number`);--> statement-breakpoint
CREATE INDEX `orders_list` ON `orders` (`client_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `orders_total` ON `orders` (`client_id`,`total`,`id`);--> statement-breakpoint
CREATE INDEX `orders_status` ON `orders` (`client_id`,`status`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `orders_payment_status` ON `orders` (`client_id`,`payment_status`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `orders_customer` ON `orders` (`customer_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `orders_location` ON `orders` (`location_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `orders_instance` ON `orders` (`instance_id`,`created_at`,`id`) WHERE instance_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `orders_reserved` ON `orders` (`reserved_until`) WHERE status = 'pending' AND reserved_until IS NOT NULL;--> statement-breakpoint
CREATE TABLE `products` (
	`id` text PRIMARY KEY NOT NULL,
	`client_id` text NOT NULL,
	`sku` text NOT NULL,
	`name` text NOT NULL,
	`description` text NOT NULL,
	`category` text,
	`image_url` text,
	`price` integer NOT NULL,
	`currency` text NOT NULL,
	`attributes` text NOT NULL,
	`status` text NOT NULL,
	`version` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `products_sku` ON `products` (`client_id`,lower(sku));--> statement-breakpoint
CREATE INDEX `products_list` ON `products` (`client_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `products_status` ON `products` (`client_id`,`status`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `products_category` ON `products` (`client_id`,`category`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `customer_days` (
	`client_id` text NOT NULL,
	`day` text NOT NULL,
	`fresh` integer NOT NULL,
	`again` integer NOT NULL,
	PRIMARY KEY(`client_id`, `day`)
);
--> statement-breakpoint
CREATE TABLE `order_days` (
	`client_id` text NOT NULL,
	`day` text NOT NULL,
	`currency` text NOT NULL,
	`location_id` text NOT NULL,
	`source` text NOT NULL,
	`orders` integer NOT NULL,
	`cancelled` integer NOT NULL,
	`items` integer NOT NULL,
	`gross` integer NOT NULL,
	`refunds` integer NOT NULL,
	PRIMARY KEY(`client_id`, `day`, `currency`, `location_id`, `source`)
);
--> statement-breakpoint
CREATE TABLE `order_status_counts` (
	`client_id` text NOT NULL,
	`status` text NOT NULL,
	`orders` integer NOT NULL,
	PRIMARY KEY(`client_id`, `status`)
);
--> statement-breakpoint
CREATE TABLE `product_days` (
	`client_id` text NOT NULL,
	`day` text NOT NULL,
	`currency` text NOT NULL,
	`product_id` text NOT NULL,
	`quantity` integer NOT NULL,
	`revenue` integer NOT NULL,
	PRIMARY KEY(`client_id`, `day`, `currency`, `product_id`)
);
--> statement-breakpoint
CREATE TABLE `locations` (
	`id` text PRIMARY KEY NOT NULL,
	`client_id` text NOT NULL,
	`name` text NOT NULL,
	`is_default` integer NOT NULL,
	`is_active` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`deleted_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `locations_name` ON `locations` (`client_id`,lower(name)) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE UNIQUE INDEX `locations_default` ON `locations` (`client_id`) WHERE is_default = 1;--> statement-breakpoint
CREATE INDEX `locations_list` ON `locations` (`client_id`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `stock` (
	`product_id` text NOT NULL,
	`location_id` text NOT NULL,
	`client_id` text NOT NULL,
	`on_hand` integer NOT NULL,
	`reserved` integer NOT NULL,
	`low_stock_at` integer,
	PRIMARY KEY(`product_id`, `location_id`),
	CONSTRAINT "stock_is_enough" CHECK(reserved >= 0 AND reserved <= on_hand)
);
--> statement-breakpoint
CREATE INDEX `stock_location` ON `stock` (`location_id`,`product_id`);--> statement-breakpoint
CREATE INDEX `stock_low` ON `stock` (`client_id`,`product_id`) WHERE on_hand - reserved <= low_stock_at;--> statement-breakpoint
CREATE TABLE `stock_movements` (
	`id` text PRIMARY KEY NOT NULL,
	`client_id` text NOT NULL,
	`product_id` text NOT NULL,
	`location_id` text NOT NULL,
	`change` integer NOT NULL,
	`reason` text NOT NULL,
	`reference` text,
	`actor_id` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `stock_movements_product` ON `stock_movements` (`product_id`,`created_at`,`id`);