/** Spares the worker's task when tasks are taken away: by scaling in, or by a deployment. */
export interface TaskProtection {
  /**
   * Protects the task for so many minutes, from now on; 0: no more.
   * @throws {Error} with the reason, where it could not be done.
   */
  protectFor(minutes: number): Promise<void>;
}
