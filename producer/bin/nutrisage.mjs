#!/usr/bin/env node
/**
 * The `nutrisage` command. Plain JavaScript, because an old Node must be able to read it: the rest is
 * TypeScript that Node runs unbuilt from 22.18 and 23.6 on (nodejs.org/api/typescript.html). With an older
 * one, the Node that comes as the npm package `node` takes over.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const USAGE_EXIT_CODE = 2;

if (runsTypeScript(process.versions.node)) await runHere();
else runWith(findNode());

function runsTypeScript(version) {
  const [major, minor] = version.split('.').map(Number);
  return major >= 24 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18);
}

async function runHere() {
  const { start } = await import('./start.mjs');
  await start();
}

/** Path of a Node that is new enough, among the packages installed beside this one. */
function findNode() {
  try {
    const manifest = createRequire(import.meta.url).resolve('node/package.json');
    const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
    if (runsTypeScript(version))
      return join(dirname(manifest), 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  } catch {
    // Not installed: said below.
  }
  process.stderr.write(
    `nutrisage: it needs Node.js 22.18 or later, and this is ${process.versions.node}. ` +
      'Install a newer one (https://nodejs.org), or the npm package "node" beside it: npm install node@24\n',
  );
  process.exit(USAGE_EXIT_CODE);
}

function runWith(node) {
  const script = fileURLToPath(import.meta.url);
  const child = spawn(node, [script, ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both processes; sent on as well, the child would have it twice.
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) child.kill('SIGINT');
  });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('error', (error) => {
    process.stderr.write(
      `nutrisage: ${node} cannot be run (${error.message}). Install Node.js 22.18 or later.\n`,
    );
    process.exitCode = USAGE_EXIT_CODE;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
  });
}
