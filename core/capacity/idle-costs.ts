/** What an installation costs each month while nobody sends it anything. */
import { ALARM_NAMES } from '../../schemas/alarms.ts';
import type { Prices } from '../../schemas/prices.ts';
import { TASK_SIZES } from '../scaling/task-sizes.ts';
import { type CostLine, HOURS_A_MONTH, type JobQuantities, taskHour } from './job-costs.ts';

export interface IdleInstallation {
  readonly architecture: JobQuantities['architecture'];
  /** Workers that always run. */
  readonly workersMin: number;
  /** Endpoint tasks that always run, behind a load balancer; 0: there is none. */
  readonly endpointsMin: number;
}

/** Two for each target that is tracked, one that wakes the workers. */
const SCALING_ALARMS = 3;
const ENDPOINT_SCALING_ALARMS = 4;
/** What Container Insights tells of a cluster and a service without tasks. */
const INSIGHTS_METRICS = 7;

export function idleCosts(installation: IdleInstallation, prices: Prices): readonly CostLine[] {
  const { architecture, workersMin, endpointsMin } = installation;
  const alarms = ALARM_NAMES.length + SCALING_ALARMS + (endpointsMin > 0 ? ENDPOINT_SCALING_ALARMS : 0);
  const always = (service: string, tasks: number, size: keyof typeof TASK_SIZES): CostLine => ({
    service,
    dollars:
      tasks *
      HOURS_A_MONTH *
      (taskHour(TASK_SIZES[size], { architecture, isSpot: false }, prices) + prices.publicAddressHour),
    basis: `${tasks} always, with ${tasks === 1 ? 'its address' : 'their addresses'}`,
  });
  return [
    { service: 'CloudWatch alarms', dollars: alarms * prices.alarmMonth, basis: `${alarms} alarms` },
    { service: 'CloudWatch dashboard', dollars: prices.dashboardMonth, basis: 'one' },
    {
      service: 'Container Insights',
      dollars: INSIGHTS_METRICS * prices.metricMonth,
      basis: `${INSIGHTS_METRICS} metrics of a cluster without tasks`,
    },
    ...(workersMin > 0 ? [always('Workers', workersMin, 'worker')] : []),
    ...(endpointsMin > 0
      ? [
          always('Endpoint', endpointsMin, 'endpoint'),
          {
            service: 'Load balancer',
            dollars: HOURS_A_MONTH * (prices.loadBalancerHour + 2 * prices.publicAddressHour),
            basis: 'with two addresses, without traffic',
          },
          { service: 'Secrets', dollars: prices.secretMonth, basis: 'API keys' },
        ]
      : []),
  ];
}
