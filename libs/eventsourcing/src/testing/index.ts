export { behaviour, refused } from './given.js';
