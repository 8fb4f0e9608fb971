const SECONDS_PER_DAY = 86_400;

/** When an item of a job leaves its table, as DynamoDB’s time to live has it: seconds since 1970. */
export function expiresAt(submittedAt: string, retentionDays: number): number {
  // biome-ignore lint/style/noRestrictedGlobals: to parse a time given as text reads no clock.
  return Math.floor(Date.parse(submittedAt) / 1000) + retentionDays * SECONDS_PER_DAY;
}
