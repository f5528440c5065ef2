/*
 * node bench/reckon.mjs: the tables of docs/scaling.md, from costs that bench/scaling.mjs measured and what is assumed of
 * students. Change a figure in scaling/reckoning.mjs, run this, and put what it prints into the page: a test holds the two together.
 */
import { tables } from './scaling/reckoning.mjs';

console.log(tables.join('\n\n'));
