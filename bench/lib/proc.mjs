import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100; // Linux' USER_HZ

/** User and system time of a process and its threads so far; NaN where there is no /proc. */
export function cpuMs(pid) {
  const fields = statOf(pid);
  return inMs(Number(fields[11]) + Number(fields[12]));
}

/** As `cpuMs`, with that of its children, those that have ended too. */
export function cpuMsOfFamily(pid) {
  const others = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const children = others.map(statOf).filter((fields) => Number(fields[1]) === pid);
  const ofEnded = inMs(Number(statOf(pid)[13]) + Number(statOf(pid)[14]));
  const ofLiving = children.reduce((sum, fields) => sum + Number(fields[11]) + Number(fields[12]), 0);
  return cpuMs(pid) + ofEnded + inMs(ofLiving);
}

/** What `/proc/PID/stat` has after the name: state, parent, … */
function statOf(pid) {
  const stat = readProc(`/proc/${pid}/stat`) ?? '';
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function inMs(ticks) {
  return (ticks * 1000) / TICKS_PER_SECOND;
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
