/** `chunk` is the log; `append` holds the position of the last event of each append to a stream, and so its revision. */
const schema = `
CREATE TABLE chunk(
  position INTEGER PRIMARY KEY,
  count INTEGER NOT NULL,
  category TEXT NOT NULL,
  seal BLOB NOT NULL,
  meta TEXT NOT NULL,
  events TEXT NOT NULL
);
CREATE INDEX chunk_by_category ON chunk(category);
CREATE TABLE append(
  stream TEXT NOT NULL,
  revision INTEGER NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY(stream, revision)
) WITHOUT ROWID;
`;
export const LOG_FORMAT = { applicationId: 0x41747461, version: 1, schema };
