/** Ends a run of which nothing but its plan is wanted; the log has it. */
export class PlanMade extends Error {}
