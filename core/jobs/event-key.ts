/**
 * Object key of an S3 event, which has it URL-encoded with `+` for a space. A lone percent sign is kept as it is:
 * S3 would not have sent it so, another sender may.
 * Source: docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html.
 */
export function decodeEventKey(key: string): string {
  const spaced = key.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}
