export { type Agent, agentOf } from './agent.js';
export { checkedAgent, describedBy } from './checked-answers.js';
