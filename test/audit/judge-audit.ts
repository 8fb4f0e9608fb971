/** What an audit's report says against a list of advisories that are allowed for a while. Pure. */

export interface Allowance {
  /** Such as `GHSA-xxxx-xxxx-xxxx`. */
  readonly advisory: string;
  readonly reason: string;
  /** The last day, `YYYY-MM-DD`. */
  readonly until: string;
}

/** The part of `npm audit --json` that is read. */
export interface AuditReport {
  readonly error?: { readonly summary?: string };
  /** In place of a summary where the registry refused. */
  readonly message?: string;
  readonly vulnerabilities?: Readonly<
    Record<string, { readonly via: readonly (string | { readonly url?: string; readonly title?: string })[] }>
  >;
}

const REASON_LENGTH_MIN = 20;

/** Sentences; none when all is well. A list entry of nothing, without a reason or past its day is wrong too. */
export function judgeAudit(report: AuditReport, allowed: readonly Allowance[], today: Date): string[] {
  const { vulnerabilities, error, message } = report;
  // A registry out of reach must not read as no findings.
  if (vulnerabilities === undefined)
    return [`The audit has no result: ${error?.summary || message || 'no reason'}.`];
  const day = today.toISOString().slice(0, 10);
  const found = new Map<string, string>();
  for (const [name, { via }] of Object.entries(vulnerabilities)) {
    for (const cause of via) {
      if (typeof cause === 'string') continue;
      const advisory = cause.url?.split('/').at(-1) ?? 'without a name';
      found.set(advisory, `${name}: ${cause.title ?? 'no title'} (${advisory})`);
    }
  }
  const isAllowed = (advisory: string): boolean => allowed.some((entry) => entry.advisory === advisory);
  return [
    ...[...found].filter(([advisory]) => !isAllowed(advisory)).map(([, text]) => `Not allowed: ${text}`),
    ...allowed.flatMap(({ advisory, reason, until }) => {
      if (!/^\d{4}-\d{2}-\d{2}$/.test(until)) return [`${advisory} has no day until which it is allowed.`];
      if (reason.length < REASON_LENGTH_MIN) return [`${advisory} is allowed without a reason.`];
      if (until < day) return [`${advisory} was allowed until ${until}: look at it again.`];
      return found.has(advisory) ? [] : [`${advisory} is allowed and no more there: take it off the list.`];
    }),
  ];
}
