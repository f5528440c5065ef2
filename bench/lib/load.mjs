import autocannon from 'autocannon';

const CONNECTIONS = 16;

/** Loads one request for some seconds, after a shorter warm-up, and says what it took. */
export async function load(server, request, seconds) {
  const options = {
    url: server.url + request.path,
    method: 'GET',
    headers: request.headers,
    connections: CONNECTIONS,
  };
  await autocannon({ ...options, duration: Math.max(1, seconds / 4) });
  const cpuBefore = server.cpuMs();
  const { requests, latency, non2xx, errors } = await autocannon({ ...options, duration: seconds });
  const cpu = cpuBefore === undefined ? undefined : server.cpuMs() - cpuBefore;
  return {
    perSecond: requests.average,
    p50: latency.p50,
    p99: latency.p99,
    cpuMsPerRequest: cpu === undefined ? undefined : cpu / requests.total,
    errors: non2xx + errors,
  };
}
