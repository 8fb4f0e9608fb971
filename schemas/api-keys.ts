/** Who may call the endpoint: `NUTRISAGE_API_KEYS`. It holds no key, only what one is recognised by. */
import Type, { type Static } from 'typebox';

/** Of one client at a time: the new one is handed out before the old one goes. */
export const KEYS_PER_CLIENT_MAX = 2;
export const CLIENT_NAME = '^[a-z0-9][a-z0-9-]{0,39}$';
export const ITEMS_PER_MINUTE = 60_000;
export const ITEMS_PER_MINUTE_MAX = 1_000_000_000;

export const ApiClient = Type.Object(
  {
    client: Type.String({
      pattern: CLIENT_NAME,
      description: 'Name of who calls; it is a part of the keys.',
    }),
    sha256: Type.Array(Type.String({ pattern: '^[0-9a-f]{64}$' }), {
      minItems: 1,
      maxItems: KEYS_PER_CLIENT_MAX,
      description: 'SHA-256 of each key that is live, as `nutrisage key` prints it.',
    }),
    itemsPerMinute: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: ITEMS_PER_MINUTE_MAX,
        description: `Items that the client may send in a minute; ${ITEMS_PER_MINUTE} where it is not given.`,
      }),
    ),
  },
  { additionalProperties: false },
);
export type ApiClient = Static<typeof ApiClient>;

export const ApiClients = Type.Array(ApiClient, { minItems: 1, maxItems: 1000 });
export type ApiClients = Static<typeof ApiClients>;
