import { availableParallelism, cpus, totalmem } from 'node:os';

/**
 * What a reader needs to judge the figures; nothing that names the machine.
 * @param bench the command, less the parameters it was given
 */
export function machine(parameters, bench = 'npm run bench --') {
  const cores = `${availableParallelism()} cores (${cpus()[0]?.model.trim() || process.arch})`;
  const command = [bench, ...parameters].join(' ').replace(/ --$/, '');
  return `\`${command}\`, ${new Date().toISOString().slice(0, 10)}: ${cores}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, ${process.platform}.`;
}
