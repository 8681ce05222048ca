// The rooms of the page, in the order of its head.

import { isServed } from '../session/served.js';

/**
 * @typedef {object} Room
 * @property {string} name words `room-NAME` say it
 * @property {string} file
 * @property {boolean} isOfTraining its fragment is a training, which goes with whoever changes rooms
 */
/** @type {Room[]} */
export const ROOMS = [
  { name: 'playground', file: './', isOfTraining: true },
  { name: 'race', file: 'race.html', isOfTraining: true },
  { name: 'unit', file: 'unit.html', isOfTraining: true },
  { name: 'gradient', file: 'gradient.html', isOfTraining: true },
  { name: 'landscape', file: 'landscape.html', isOfTraining: true },
  { name: 'clinic', file: 'clinic.html', isOfTraining: false },
  { name: 'labs', file: 'labs.html', isOfTraining: false },
  // What lies in a directory, somebody has to read.
  ...(isServed ? [{ name: 'runs', file: 'runs.html', isOfTraining: false }] : []),
];
