/** Where the embedded servers are: on this machine only, in the region that fauxqs and dynalite assume. */
export const LOOPBACK = '127.0.0.1';
export const REGION = 'us-east-1';
