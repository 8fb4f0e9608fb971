import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEcsTaskProtection } from '../../../worker/adapters/ecs-task-protection.ts';

/** The agent of ECS, as its documentation has it: it can not be had outside of ECS. */
describe('the protection of an ECS task', () => {
  let agent: Server;
  let requests: { readonly what: string; readonly body: unknown }[];
  let answer: (isProtected: boolean) => { readonly status: number; readonly body: string };
  let uri: string;

  const protection = (ProtectionEnabled: boolean) => ({
    status: 200,
    body: JSON.stringify({ protection: { ProtectionEnabled, TaskArn: 'arn:aws:ecs:eu-west-1:1:task/a/b' } }),
  });

  beforeEach(async () => {
    requests = [];
    answer = protection;
    agent = createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      const body = JSON.parse(text);
      requests.push({ what: `${request.method} ${request.url}`, body });
      const { status, body: said } = answer(body.ProtectionEnabled);
      response.writeHead(status, { 'content-type': 'application/json' }).end(said);
    }).listen(0, '127.0.0.1');
    await once(agent, 'listening');
    uri = `http://127.0.0.1:${(agent.address() as AddressInfo).port}/api/1234`;
  });
  afterEach(() => void agent.close());

  it('is asked for with its end, and given back', async () => {
    const ecs = createEcsTaskProtection(uri);
    await ecs.protectFor(10);
    await ecs.protectFor(0);
    expect(requests).toEqual([
      {
        what: 'PUT /api/1234/task-protection/v1/state',
        body: { ProtectionEnabled: true, ExpiresInMinutes: 10 },
      },
      { what: 'PUT /api/1234/task-protection/v1/state', body: { ProtectionEnabled: false } },
    ]);
  });

  it.each([
    {
      why: 'a task that is of no service',
      status: 400,
      body: '{"failure":{"Arn":"a","Detail":null,"Reason":"TASK_NOT_VALID"}}',
      reason: 'TASK_NOT_VALID',
    },
    {
      why: 'too many calls',
      status: 400,
      body: '{"error":{"Arn":"a","Code":"ThrottlingException","Message":"Rate exceeded"}}',
      reason: 'ThrottlingException: Rate exceeded',
    },
    { why: 'an agent that fails', status: 500, body: 'oops', reason: 'status 500' },
    { why: 'an answer of nothing', status: 200, body: 'null', reason: 'status 200' },
    {
      why: 'a protection that is not the one asked for',
      status: 200,
      body: '{"protection":{"ProtectionEnabled":false}}',
      reason: 'status 200',
    },
  ])('says why it is not given: $why', async ({ status, body, reason }) => {
    answer = () => ({ status, body });
    await expect(createEcsTaskProtection(uri).protectFor(10)).rejects.toThrow(reason);
  });
});
