import autocannon from 'autocannon';

const CONNECTIONS = 16;

/**
 * Loads a server with the requests in rotation for some seconds, and says what that took. Latencies are kept one by one:
 * autocannon's own are whole milliseconds.
 */
export async function load(server, requests, seconds, connections = CONNECTIONS) {
  const latencies = [];
  const cpuBefore = server.cpuMs();
  const startedAt = performance.now();
  const { errors } = await new Promise((resolve, reject) => {
    const run = autocannon({ url: server.url, connections, duration: seconds, requests }, (fault, result) =>
      fault ? reject(fault) : resolve(result),
    );
    run.on('response', (_client, status, _bytes, ms) => latencies.push(status < 300 ? ms : -1));
  });
  const elapsed = (performance.now() - startedAt) / 1000;
  const cpu = server.cpuMs() - cpuBefore;
  const good = latencies.filter((ms) => ms >= 0).sort((a, b) => a - b);
  return {
    perSecond: good.length / elapsed,
    p50: good[good.length >> 1],
    p99: good[Math.floor(good.length * 0.99)],
    cpuMs: cpu / latencies.length,
    errors: errors + latencies.length - good.length,
  };
}
