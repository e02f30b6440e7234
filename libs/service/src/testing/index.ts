export { checkedAgent } from './checked-answers.js';
