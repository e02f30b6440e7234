export { openKafkaBus } from './bus.js';
export { type Log } from './client.js';
export { openKafkaPublisher } from './publisher.js';
export { type KafkaUrl, parseKafkaUrl } from './url.js';
