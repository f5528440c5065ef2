import { QueueEstimate } from './queue-estimate.js';

describe('the estimate of the wait for a password thread', () => {
  it('is nothing while a thread is free', () => {
    const estimate = new QueueEstimate(4);
    expect(estimate.waitMs(0)).toBe(0);
    expect(estimate.waitMs(3)).toBe(0);
    expect(estimate.waitMs(4)).toBeGreaterThan(0);
  });

  it('follows how long jobs take', () => {
    const estimate = new QueueEstimate(2);
    for (let job = 0; job < 200; job++) estimate.record(100);
    expect(estimate.waitMs(11)).toBeCloseTo(500, 3);
    for (let job = 0; job < 200; job++) estimate.record(10);
    expect(estimate.waitMs(11)).toBeCloseTo(50, 3);
  });

  it('is not thrown by a few slow jobs at the start: two hundred may still log in at once', () => {
    const estimate = new QueueEstimate(2);
    for (let job = 0; job < 6; job++) estimate.record(60);
    expect(estimate.isFull(199)).toBe(false);
  });

  it('calls the queue full beyond five seconds', () => {
    const estimate = new QueueEstimate(1);
    for (let job = 0; job < 500; job++) estimate.record(50);
    expect(estimate.isFull(99)).toBe(false);
    expect(estimate.isFull(102)).toBe(true);
  });

  it('calls it full at ten thousand that wait, however quick they are', () => {
    const estimate = new QueueEstimate(64);
    for (let job = 0; job < 500; job++) estimate.record(1);
    expect(estimate.isFull(10_063)).toBe(false);
    expect(estimate.isFull(10_064)).toBe(true);
  });

  it('takes 200 logins at once on one thread before anything was measured', () => {
    expect(new QueueEstimate(1).isFull(199)).toBe(false);
  });
});
