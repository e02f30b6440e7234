import { afterAll } from '@jest/globals';
import { readModelsContract } from '@attain/eventsourcing/testing';
import { engineFor } from '../testing/engines.js';
import { openMongoModels } from './read-models.js';
import { freshDatabase, startMongo } from './testing/database.js';

// Random questions by the hundred, each a round trip.

const engine = await engineFor('MongoDB', 'TEST_MODELS_URL', startMongo);
if (engine) {
  const database = freshDatabase(engine.url);
  afterAll(async () => {
    await database.close();
    await engine.stop();
  });

  readModelsContract('MongoDB', async () => {
    const url = await database.next();
    const models = await openMongoModels({ url });
    return {
      models,
      async reopen() {
        await models.close();
        return openMongoModels({ url });
      },
    };
  });
}
