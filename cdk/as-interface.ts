/**
 * The library's own classes do not fit its own interfaces where absent and undefined are told apart
 * (`exactOptionalPropertyTypes`), which it does not. Each is said once, here.
 */
import type { IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { Cluster, ICluster } from 'aws-cdk-lib/aws-ecs';
import type { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';

export const asBucket = (bucket: Bucket): IBucket => bucket as IBucket;
export const asCluster = (cluster: Cluster): ICluster => cluster as ICluster;
export const asSecret = (secret: Secret): ISecret => secret as ISecret;
export const asVpc = (vpc: Vpc): IVpc => vpc as IVpc;
