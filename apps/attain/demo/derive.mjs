#!/usr/bin/env node
// Derives people.csv and quotas.csv of the demo from its exports: `node apps/attain/demo/derive.mjs`. README.md states the rules.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const from = '2016-10-01';
const quarters = { '2017-Q1': 1, '2017-Q2': 3, '2017-Q3': 3, '2017-Q4': 3 }; // months of each that the export covers: it begins in March
const hired = { 'Violet Mclelland': '2017-03-01' }; // a new hire has a plan with a draw
const bonus = 500; // of an Account Executive who attains the quota, for each month of a quarter
const vp = { id: 'vp-sales', name: 'Robin Hale' };

/** Texts of the two files, from the texts of the two exports. */
export function derive(teamsCsv, pipelineCsv) {
  const agents = rowsOf(teamsCsv);
  const won = rowsOf(pipelineCsv).filter((deal) => deal.deal_stage === 'Won');
  const salesOf = new Map(agents.map(({ sales_agent }) => [sales_agent, { deals: 0, amount: 0 }]));
  for (const deal of won) {
    const sales = salesOf.get(deal.sales_agent);
    if (!sales) throw new Error(`sales_pipeline.csv: ${deal.opportunity_id}: ${deal.sales_agent} is not in sales_teams.csv`);
    sales.deals += 1;
    sales.amount += Number(deal.close_value);
  }
  const months = Object.values(quarters).reduce((sum, n) => sum + n, 0);
  const monthly = new Map(agents.map(({ sales_agent: name }) => [name, salesOf.get(name).amount / months]));
  const quotaOf = (agent, quarter) => {
    const sold = monthly.get(agent.sales_agent);
    const colleagues = agents.filter((other) => other.regional_office === agent.regional_office && monthly.get(other.sales_agent) > 0);
    return toThousand((sold > 0 ? sold : median(colleagues.map((other) => monthly.get(other.sales_agent))) / 2) * quarters[quarter] * 1.05);
  };
  const managers = [...new Map(agents.map((agent) => [agent.manager, agent.regional_office]))];

  const roleOf = (name) => {
    const { deals, amount } = salesOf.get(name);
    const role = deals > 0 && amount / deals >= 2000 ? 'Account Executive' : 'Sales Associate';
    return hired[name] ? `New ${role}` : role;
  };

  const people = [['id', 'name', 'role', 'manager', 'team', 'region', 'currency', 'from', 'to']];
  people.push([vp.id, vp.name, 'VP Sales', '', '', '', 'USD', from, '']);
  for (const [name, region] of managers) people.push([slug(name), name, 'Sales Manager', vp.id, teamOf(name), region, 'USD', from, '']);
  for (const { sales_agent: name, manager, regional_office: region } of agents) {
    people.push([slug(name), name, roleOf(name), slug(manager), teamOf(manager), region, 'USD', hired[name] ?? from, '']);
  }

  const quotas = [['for', 'measure', 'period', 'amount', 'target', 'credit', 'currency', 'reason']];
  const assign = (who, quarter, amount, credit, reason, target = '') => quotas.push([who, 'revenue', quarter, amount, target, credit, 'USD', reason]);
  for (const quarter of Object.keys(quarters)) {
    for (const agent of agents) {
      const reason = monthly.get(agent.sales_agent) > 0 ? '' : 'no sales yet: half the median of the region';
      assign(slug(agent.sales_agent), quarter, quotaOf(agent, quarter), 'sales', reason, roleOf(agent.sales_agent) === 'Account Executive' ? bonus * quarters[quarter] : '');
    }
    const shareOf = (which) => toThousand(agents.filter(which).reduce((sum, agent) => sum + quotaOf(agent, quarter), 0) * 0.95);
    for (const [manager] of managers) assign(slug(manager), quarter, shareOf((agent) => agent.manager === manager), 'reports', '');
    assign(vp.id, quarter, shareOf(() => true), 'reports', '');
    for (const [manager] of managers) assign(teamOf(manager), quarter, shareOf((agent) => agent.manager === manager), 'sales', '');
    for (const region of [...new Set(managers.map(([, region]) => region))]) {
      assign(region, quarter, shareOf((agent) => agent.regional_office === region), 'sales', '');
    }
    assign('company', quarter, shareOf(() => true), 'sales', '');
  }
  return { 'people.csv': csv(people), 'quotas.csv': csv(quotas) };
}

// The exports quote nothing in the columns that are read here.
function rowsOf(text) {
  const [header, ...lines] = text.trimEnd().split(/\r?\n/);
  const columns = header.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, index) => [columns[index], cell])));
}
const csv = (rows) => rows.map((row) => `${row.join(',')}\n`).join('');
const slug = (name) => name.toLowerCase().replaceAll(' ', '-');
const teamOf = (manager) => `Team ${manager.split(' ').at(-1)}`;
const toThousand = (amount) => Math.round(amount / 1000) * 1000;
function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const here = fileURLToPath(import.meta.url);
if (process.argv[1] === here) {
  const file = (name) => new URL(name, import.meta.url);
  const read = (name) => readFileSync(file(`exports/${name}`), 'utf8');
  for (const [name, text] of Object.entries(derive(read('sales_teams.csv'), read('sales_pipeline.csv')))) writeFileSync(file(name), text);
}
