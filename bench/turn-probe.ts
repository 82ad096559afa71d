// Loaded into the gateway before it starts, when it is measured how long it lets others wait:
// answers each message of the benchmark with the longest that its event loop stood still since the
// last one, and the most that its thread computed from one turn to the next. Where a system gives
// the processor to others meanwhile the first is longer, and not by the gateway's doing.

export interface Turns {
  readonly longestStallMs: number;
  readonly mostCpuMs: number;
}

const tickMs = 1;
let longestStallMs = 0;
let mostCpuMs = 0;
let lastMs = performance.now();
let lastCpu = process.threadCpuUsage();

setInterval(() => {
  const nowMs = performance.now();
  const cpu = process.threadCpuUsage();
  longestStallMs = Math.max(longestStallMs, nowMs - lastMs - tickMs);
  mostCpuMs = Math.max(mostCpuMs, (cpu.user + cpu.system - lastCpu.user - lastCpu.system) / 1000);
  lastMs = nowMs;
  lastCpu = cpu;
}, tickMs).unref();

process.on('message', () => {
  const turns: Turns = { longestStallMs, mostCpuMs };
  longestStallMs = 0;
  mostCpuMs = 0;
  process.send!(turns);
});
// The channel does not keep the gateway alive.
process.channel?.unref();
