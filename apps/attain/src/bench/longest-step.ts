/**
 * Loaded into a served process before everything else: answers its parent's messages with the milliseconds of processor time that the
 * event loop's longest step took since the last one. Where other programs share the processors a step lasts longer than that.
 */
const EVERY = 5;

let used = processorTime();
let longest = 0;
setInterval(() => {
  const now = processorTime();
  longest = Math.max(longest, now - used);
  used = now;
}, EVERY).unref();

process.on('message', () => {
  process.send!(longest);
  longest = 0;
});
process.channel?.unref();

function processorTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
