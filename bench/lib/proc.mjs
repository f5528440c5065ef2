import { readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100; // Linux' USER_HZ

/** User and system time of a process and its threads so far; NaN where there is no /proc. */
export function cpuMs(pid) {
  const stat = readProc(`/proc/${pid}/stat`) ?? '';
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
}

/** Resident memory in MB, now and at its peak; NaN where there is no /proc. */
export function memoryMb(pid) {
  const status = readProc(`/proc/${pid}/status`) ?? '';
  const mb = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
  return { now: mb('VmRSS'), peak: mb('VmHWM') };
}

function readProc(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined; // no /proc here
  }
}
