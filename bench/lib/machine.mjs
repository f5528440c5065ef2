import { availableParallelism, cpus, totalmem } from 'node:os';

/** What a reader needs to judge the figures; nothing that names the machine. */
export function machine(parameters) {
  const cores = `${availableParallelism()} cores (${cpus()[0]?.model.trim() || process.arch})`;
  const command = ['npm run bench', ...(parameters.length > 0 ? ['--', ...parameters] : [])].join(' ');
  return `\`${command}\`, ${new Date().toISOString().slice(0, 10)}: ${cores}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, ${process.platform}.`;
}
