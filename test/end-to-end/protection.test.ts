import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeMadeCatalogue } from '../../local/demo/made-catalogue.ts';
import { type Desk, openDesk } from './harness.ts';

describe('a worker in a task of ECS', () => {
  const states: boolean[] = [];
  let agent: Server;
  let desk: Desk;

  beforeAll(async () => {
    agent = createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      const { ProtectionEnabled } = JSON.parse(text);
      states.push(ProtectionEnabled);
      response.end(JSON.stringify({ protection: { ProtectionEnabled } }));
    }).listen(0, '127.0.0.1');
    await once(agent, 'listening');
    const uri = `http://127.0.0.1:${(agent.address() as AddressInfo).port}`;
    desk = await openDesk({ workers: 1, workerEnvironment: { ECS_AGENT_URI: uri } });
  });
  afterAll(async () => {
    await desk.close();
    agent.close();
  });

  it('protects the task while it has work, and gives it free afterwards', async () => {
    expect(states).toEqual([]);
    const catalogue = join(desk.folder, 'catalogue.parquet');
    await writeMadeCatalogue(catalogue, { rows: 500, seed: 3, shape: 'flat' });
    await desk.drop('inbox/catalogue.parquet', readFileSync(catalogue));
    await desk.closedJob('inbox/catalogue.parquet', 90_000);
    expect(states[0]).toBe(true);
    await expect.poll(() => states.at(-1), { timeout: 60_000, interval: 250 }).toBe(false);
    expect(await desk.depths()).toEqual({ waiting: 0, taken: 0, dead: 0 });
  });
});
