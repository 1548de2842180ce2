import { startRedisServer } from '../../support/redis-server';
import { expectAsReadmeSays } from './example';

test('several-processes: users, credentials and rate limits are shared', async () => {
  const redis = await startRedisServer();
  try {
    await expectAsReadmeSays('several-processes', { REDIS_HOST: '127.0.0.1', REDIS_PORT: String(redis.port) });
  } finally {
    await redis.close();
  }
});
