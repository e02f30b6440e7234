export { type Agent, agentOf } from './agent.js';
export { checkedAgent } from './checked-answers.js';
