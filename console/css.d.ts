/** Style sheets that come with a page. */
declare module "*.css";
