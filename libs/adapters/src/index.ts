export { connect, type Connecting, connectPublisher, type Infra, type Urls } from './connect.js';
export { isLoopback } from './loopback.js';
export { type Backup, backUp, NotCopied, restoreBackup } from './sqlite/backup.js';
export { DirectoryInUse } from './sqlite/directory-lock.js';
export { NoRoom, withoutRoom } from './sqlite/no-room.js';
export { openSqliteEventStore } from './sqlite/event-store.js';
export { openSqliteReadModels } from './sqlite/read-models.js';
export { type Anchor, type LogProblem, verifyLog, type VerifiedLog } from './verify-log.js';
