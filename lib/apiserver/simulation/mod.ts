/** Simulated workloads. */
export { Simulation } from "./simulation.ts";
