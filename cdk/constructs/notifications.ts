/** Who is told: a topic for each severity of alarm, and of the budget. */
import { Aws } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Alarm } from '../../schemas/alarms.ts';
import { type StageNames, topicName } from '../names.ts';
import type { StageConfig } from '../stage-config.ts';

export interface NotificationsProps {
  readonly config: StageConfig;
  readonly names: StageNames;
}

const SEVERITIES: readonly Alarm['severity'][] = ['page', 'ticket', 'notice'];

const BUDGET_PERCENT = 80;

export class Notifications extends Construct {
  constructor(scope: Construct, id: string, { config, names }: NotificationsProps) {
    super(scope, id);
    const [, ticket] = SEVERITIES.map((severity) =>
      this.#topic(topicName(names, severity), config.alarmEmail),
    );
    const { monthlyBudgetDollars } = config;
    if (ticket !== undefined && monthlyBudgetDollars !== undefined) {
      this.#budget(names.prefix, monthlyBudgetDollars, ticket);
    }
  }

  /** Its own policy replaces the usual one, which lets the account publish: so who publishes is said. */
  #topic(name: string, email: string | undefined): Topic {
    const topic = new Topic(this, name, { topicName: name, enforceSSL: true });
    for (const service of ['cloudwatch', 'budgets']) {
      topic.addToResourcePolicy(
        new PolicyStatement({
          sid: `From${service}`,
          principals: [new ServicePrincipal(`${service}.amazonaws.com`)],
          actions: ['sns:Publish'],
          resources: [topic.topicArn],
          conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
        }),
      );
    }
    if (email !== undefined) topic.addSubscription(new EmailSubscription(email));
    return topic;
  }

  /** Of the whole account: what costs without being of this stage is to be seen too. */
  #budget(prefix: string, dollars: number, topic: Topic): void {
    const subscribers = [{ subscriptionType: 'SNS', address: topic.topicArn }];
    const tell = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
      notification: {
        notificationType,
        comparisonOperator: 'GREATER_THAN',
        threshold,
        thresholdType: 'PERCENTAGE',
      },
      subscribers,
    });
    new CfnBudget(this, 'Budget', {
      budget: {
        budgetName: `${prefix}-monthly`,
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: dollars, unit: 'USD' },
      },
      notificationsWithSubscribers: [tell('ACTUAL', BUDGET_PERCENT), tell('FORECASTED', 100)],
    });
  }
}
