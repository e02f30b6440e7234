import { randomUUID } from 'node:crypto';
import mongoose from 'mongoose';
import { GenericContainer, Wait } from 'testcontainers';
import type { StartedEngine } from '../../testing/engines.js';

export interface FreshDatabase {
  /** The URL of an empty database; drops the previous one. */
  next(): Promise<string>;
  close(): Promise<void>;
}

export function databaseAt(url: string, database: string): string {
  return url.replace(/^(mongodb:\/\/[^/?]+)(?:\/[^?]*)?/, `$1/${database}`);
}

/** A separate database for each test on the server at the URL. */
export function freshDatabase(url: string): FreshDatabase {
  const client = new mongoose.mongo.MongoClient(url);
  let database: string | undefined;
  async function drop(): Promise<void> {
    if (database) await client.db(database).dropDatabase();
    database = undefined;
  }
  return {
    async next() {
      await drop();
      database = `test_${randomUUID()}`;
      return databaseAt(url, database);
    },
    async close() {
      await drop();
      await client.close();
    },
  };
}

/** A replica set of one, because only a replica set has majority writes and their journal. */
export async function startMongo(): Promise<StartedEngine> {
  const image = process.env.TEST_MONGO_IMAGE ?? 'mongo:7';
  const container = await new GenericContainer(image)
    .withCommand(['mongod', '--replSet', 'rs0', '--bind_ip_all'])
    .withExposedPorts(27017)
    .withWaitStrategy(Wait.forLogMessage(/Waiting for connections/))
    .start();
  const { exitCode, output } = await container.exec([
    'mongosh',
    '--quiet',
    '--eval',
    'rs.initiate(); while (!db.hello().isWritablePrimary) sleep(100)',
  ]);
  if (exitCode !== 0) throw new Error(`rs.initiate: ${output}`);
  return {
    url: `mongodb://${container.getHost()}:${container.getMappedPort(27017)}/?directConnection=true`,
    async stop() {
      await container.stop();
    },
  };
}
