import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readCommand, readEnvironment, readStages } from '../../image/dockerfile.ts';

const dockerfile = (name: string): string =>
  readFileSync(new URL(`../../image/${name}.Dockerfile`, import.meta.url), 'utf8');

describe('a Dockerfile', () => {
  it('is read stage by stage, arguments filled in and lines put together', () => {
    const stages = readStages(
      `ARG A=image:1\n# a remark\nFROM \${A} AS first\nRUN one && \\\n  two\n\nFROM scratch\nCOPY --from=first /a ./\n`,
    );
    expect(stages).toEqual([
      { from: 'image:1', name: 'first', instructions: [{ keyword: 'RUN', text: 'one && two' }] },
      { from: 'scratch', name: '1', instructions: [{ keyword: 'COPY', text: '--from=first /a ./' }] },
    ]);
  });

  it('has no instruction that a plain build does not know', () => {
    expect(() => readStages('FROM a\nADD b c\n')).toThrow(
      '"ADD b c" is no instruction that a plain build knows.',
    );
    expect(() => readStages('FROM a\nRUN <<EOF\n')).toThrow('"RUN <<EOF" is no instruction');
  });

  it('sets variables and commands', () => {
    expect(readEnvironment('A=1 B=x=y')).toEqual({ A: '1', B: 'x=y' });
    expect(readCommand('--interval=30s CMD ["node", "a.mjs"]')).toEqual(['node', 'a.mjs']);
    expect(() => readCommand('[1]')).toThrow('"[1]" is no list of words.');
  });

  it.each(['worker', 'trainer'])(
    'of the %s runs as a user, has Debian and Node 24, and copies no more than it is made of',
    (name) => {
      const stages = readStages(dockerfile(name));
      const all = stages.flatMap(({ instructions }) => instructions);
      expect(new Set(stages.map(({ from }) => from))).toEqual(
        new Set(['docker.io/library/node:24-bookworm-slim', 'docker.io/library/debian:bookworm-slim']),
      );
      expect(stages.at(-1)?.instructions.filter(({ keyword }) => keyword === 'USER')).toEqual([
        { keyword: 'USER', text: '1000:1000' },
      ]);
      // The whole context, such as a checkout with its secrets, is copied nowhere.
      for (const { keyword, text } of all) if (keyword === 'COPY') expect(text).not.toMatch(/^(?:\.|\*)\s/);
      expect(all.map(({ text }) => text)).toContain('npm ci --omit=dev --ignore-scripts');
    },
  );
});
