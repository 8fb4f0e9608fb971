/** No key, token or password lies in what is kept in the repository. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BYTES_MAX = 2 ** 20;
/** Written in parts, so that this file is not found by itself. */
const SECRETS: Readonly<Record<string, RegExp>> = {
  'an access key of AWS': /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/,
  'a secret key of AWS': /aws_secret_access_key\s*[=:]\s*["']?[A-Za-z0-9/+]{40}/i,
  'a private key': /-----BEGIN (?:RSA |EC |OPENSSH |PGP )?PRIVATE KEY/,
  'a token of GitHub': /\bgh[pousr]_[A-Za-z0-9]{36,}\b/,
  'a token of npm': /\bnpm_[A-Za-z0-9]{36}\b|_authToken\s*=\s*[^$\s]/,
  'a token of Slack': /\bxox[abprs]-[A-Za-z0-9-]{10,}/,
  // Not under .example, which nobody can own (RFC 2606) and examples use.
  'a password in an address':
    /\b[a-z]+:\/\/[^\s/:@"'`$]+:[^\s/:@"'`$]{3,}@(?![a-z0-9.-]*\.example\b)[a-z0-9.-]+\.[a-z]/i,
};

const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\0')
  .filter((path) => path !== '');

describe('what is kept in the repository', () => {
  it.each(Object.entries(SECRETS))('has no file with %s', (_what, pattern) => {
    const found = files.filter((path) => pattern.test(textOf(path)));
    expect(found).toEqual([]);
  });

  it('is looked at by patterns that find what they are for', () => {
    const made = ['AKIA', 'A'.repeat(16)].join('');
    expect(SECRETS['an access key of AWS']?.test(`key = ${made}`)).toBe(true);
    expect(SECRETS['a token of GitHub']?.test(`ghp_${'a'.repeat(36)}`)).toBe(true);
    expect(SECRETS['a private key']?.test(['-----BEGIN RSA', 'PRIVATE KEY-----'].join(' '))).toBe(true);
    expect(SECRETS['a password in an address']?.test(['https://me:secret', 'example.org'].join('@'))).toBe(
      true,
    );
  });
});

/** Of a file that is there and no larger than what people write by hand. */
function textOf(path: string): string {
  try {
    const bytes = readFileSync(join(ROOT, path));
    return bytes.length > BYTES_MAX ? '' : bytes.toString('latin1');
  } catch {
    return '';
  }
}
