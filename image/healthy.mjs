// Asks the program of the same container for its health, at each address until one answers well: ends with 0 or 1.
//
//   node image/healthy.mjs http://127.0.0.1:9464/health/live [http://…]
const reasons = [];
for (const url of process.argv.slice(2)) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(5000) }).catch((error) => error);
  if (answer.ok === true) process.exit(0);
  reasons.push(`${url}: ${answer.status ?? answer.cause?.message ?? answer}`);
}
process.stderr.write(`${reasons.join('\n')}\n`);
process.exitCode = 1;
