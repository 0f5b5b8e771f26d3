import {
  createLocation,
  deleteLocation,
  getLocation,
  listLocations,
  updateLocation,
} from "#src/commerce/index.ts";
import { del, get, patch, post, restRouter } from "../rest/table.ts";

export const locations = restRouter("Commerce: products", [
  get("/", listLocations, "Locations"),
  post("/", createLocation, "Made", { status: 201, location: ({ id }) => `/api/v1/locations/${id}` }),
  get("/{location_id}", getLocation, "The location"),
  patch("/{location_id}", updateLocation, "Changed"),
  del("/{location_id}", deleteLocation, "Deleted", { status: 204 }),
]);
