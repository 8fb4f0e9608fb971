/** A bucket that nobody outside of the account reaches: encrypted, TLS only, no public access, its reads and writes logged. */
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  type LifecycleRule,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

export interface PrivateBucketProps {
  readonly bucketName: string;
  readonly lifecycleRules: readonly LifecycleRule[];
  /** Where its accesses are logged, below the bucket's purpose; absent: nowhere, as of the log bucket itself. */
  readonly accessLogs?: { readonly bucket: IBucket; readonly prefix: string };
  /** Old versions are kept so long. @default not versioned */
  readonly oldVersionDays?: number;
  /** Whether it outlives its stack. */
  readonly isProtected: boolean;
}

const ABORT_UPLOADS_AFTER = Duration.days(7);

export class PrivateBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: PrivateBucketProps) {
    super(scope, id);
    const { bucketName, lifecycleRules, accessLogs, oldVersionDays, isProtected } = props;
    this.bucket = new Bucket(this, 'Bucket', {
      bucketName,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      versioned: oldVersionDays !== undefined,
      lifecycleRules: [
        { id: 'unfinished-uploads', abortIncompleteMultipartUploadAfter: ABORT_UPLOADS_AFTER },
        ...(oldVersionDays === undefined
          ? []
          : [{ id: 'old-versions', noncurrentVersionExpiration: Duration.days(oldVersionDays) }]),
        ...lifecycleRules,
      ],
      // Not emptied with the stack: that would take a function with rights on every object.
      removalPolicy: isProtected ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      ...(accessLogs === undefined
        ? {}
        : { serverAccessLogsBucket: accessLogs.bucket, serverAccessLogsPrefix: accessLogs.prefix }),
    });
    if (accessLogs === undefined) {
      Validations.of(this.bucket).acknowledge({
        id: 'AwsSolutions-S1',
        reason: 'It is the bucket of the logs: to log its own accesses into itself would grow for ever.',
      });
    }
  }
}
