/** Something went wrong that is meant to: a simulated fault, not a defect. */
export class Mishap extends Error {}
