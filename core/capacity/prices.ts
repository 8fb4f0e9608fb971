/**
 * List prices in US dollars, before taxes, free tiers and discounts, as collected from public price pages; nothing asks AWS.
 * `nutrisage plan --prices <file>` takes others.
 */
import type { Prices } from '../../schemas/prices.ts';

export const PRICES: Prices = {
  date: '2026-11',
  region: 'us-east-1',
  vcpuHourX86: 0.04048,
  vcpuHourArm: 0.03238,
  memoryGbHourX86: 0.004445,
  memoryGbHourArm: 0.00356,
  // It changes with demand: 50 to 70 % less.
  spotShare: 0.4,
  publicAddressHour: 0.005,
  queueMillionRequests: 0.4,
  tableMillionWrites: 0.625,
  tableMillionReads: 0.125,
  tableGbMonth: 0.25,
  tableBackupGbMonth: 0.2,
  storeThousandPuts: 0.005,
  storeThousandGets: 0.0004,
  storeGbMonth: 0.023,
  metricMonth: 0.3,
  alarmMonth: 0.1,
  dashboardMonth: 3,
  logGb: 0.5,
  loadBalancerHour: 0.0225,
  loadBalancerUnitHour: 0.008,
  secretMonth: 0.4,
};
