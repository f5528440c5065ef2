import autocannon from 'autocannon';

const CONNECTIONS = 16;

/** How long a client waits for its answer, in seconds. */
const PATIENCE_S = 30;

/**
 * Loads a server with the requests in rotation for some seconds, and says what that took. Latencies are kept one by one:
 * autocannon's own are whole milliseconds.
 *
 * @param server of which the CPU counts; of one that is loaded from elsewhere too, no share can be told
 */
export async function load(server, requests, seconds, connections = CONNECTIONS) {
  const latencies = [];
  const statuses = {};
  const cpuBefore = server.cpuMs();
  const startedAt = performance.now();
  const { errors, timeouts } = await new Promise((resolve, reject) => {
    let begun = 0;
    const shared = requests.length > connections;
    // Its share of the rotation for each connection: autocannon makes all of a connection's requests before it sends the
    // first, and the clock is running.
    const setupClient = (client) => {
      if (shared) client.setRequests(requests.filter((_request, n) => n % connections === begun));
      begun += 1;
    };
    const options = {
      url: server.url,
      connections,
      duration: seconds,
      requests: shared ? requests.slice(0, 1) : requests,
      timeout: PATIENCE_S,
      setupClient,
    };
    const run = autocannon(options, (fault, result) => (fault ? reject(fault) : resolve(result)));
    run.on('response', (_client, status, _bytes, ms) => {
      const of = (statuses[status] ??= { count: 0, longest: 0 });
      of.count += 1;
      of.longest = Math.max(of.longest, ms);
      latencies.push(status < 300 ? ms : -1);
    });
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
    unanswered: errors,
    timeouts,
    statuses,
  };
}
