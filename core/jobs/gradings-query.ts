/** Input of a DynamoDB query, as plain data: the latest gradings of one product, the newest first. */
export function gradingsQuery(table: string, code: string, limit: number) {
  return {
    TableName: table,
    KeyConditionExpression: 'code = :code',
    ExpressionAttributeValues: { ':code': { S: code } },
    // By the sort key, which begins with the time of submission.
    ScanIndexForward: false,
    Limit: limit,
  };
}
