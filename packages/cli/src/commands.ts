// Every command, by name. A command's file is loaded only when it is called.

import type { Command } from './command.ts';

export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  load(): Promise<Command>;
}

export const commands: readonly CommandEntry[] = [
  {
    name: 'serve',
    summary: 'Run the gateway from a configuration file.',
    load: async () => (await import('./commands/serve.ts')).serve,
  },
  {
    name: 'demo',
    summary: 'Simulated clouds, the gateway and half a minute of traffic with an outage in it.',
    load: async () => (await import('./commands/demo.ts')).demo,
  },
  {
    name: 'simulate',
    summary: 'Run the simulated clouds alone.',
    load: async () => (await import('./commands/simulate.ts')).simulate,
  },
  {
    name: 'what-if',
    summary: 'Replay traffic through the decisions of the gateway, in changed worlds.',
    load: async () => (await import('./commands/what-if.ts')).whatIf,
  },
  {
    name: 'catalog models',
    summary: 'List the models of the catalog.',
    load: async () => (await import('./commands/catalog/models.ts')).models,
  },
  {
    name: 'catalog offers',
    summary: 'List the offers of a model, a cloud or a day, with prices.',
    load: async () => (await import('./commands/catalog/offers.ts')).offers,
  },
  {
    name: 'catalog accelerators',
    summary: 'List accelerators with what is known of them.',
    load: async () => (await import('./commands/catalog/accelerators.ts')).accelerators,
  },
  {
    name: 'catalog instances',
    summary: 'List instance types with accelerators and prices.',
    load: async () => (await import('./commands/catalog/instances.ts')).instances,
  },
  {
    name: 'catalog check',
    summary: 'Validate the catalog and list where its sources disagree.',
    load: async () => (await import('./commands/catalog/check.ts')).check,
  },
  {
    name: 'scenario list',
    summary: 'List the scenarios of the catalog.',
    load: async () => (await import('./commands/scenario/list.ts')).list,
  },
  {
    name: 'scenario show',
    summary: 'Show what a scenario changes on a day.',
    load: async () => (await import('./commands/scenario/show.ts')).show,
  },
  {
    name: 'scenario check',
    summary: 'Check scenarios, alone and together.',
    load: async () => (await import('./commands/scenario/check.ts')).check,
  },
  {
    name: 'scenario promote',
    summary: 'Make a scenario part of the live catalog.',
    load: async () => (await import('./commands/scenario/promote.ts')).promote,
  },
  {
    name: 'policy promote',
    summary: 'Put the policy of a scenario in force, with the report that justified it.',
    load: async () => (await import('./commands/policy/promote.ts')).promote,
  },
  {
    name: 'policy history',
    summary: 'List what policies were in force, and since when.',
    load: async () => (await import('./commands/policy/history.ts')).history,
  },
  {
    name: 'policy rollback',
    summary: 'Put an earlier version of the policies in force again.',
    load: async () => (await import('./commands/policy/rollback.ts')).rollback,
  },
  {
    name: 'what-if sample',
    summary: 'Ask recorded requests of candidates again, and have the answers judged.',
    load: async () => (await import('./commands/what-if/sample.ts')).sample,
  },
  {
    name: 'what-if verify',
    summary: 'Compare what a report predicted with what the ledger then showed.',
    load: async () => (await import('./commands/what-if/verify.ts')).verify,
  },
  {
    name: 'what-if fit',
    summary: 'Show what the ledger tells of each upstream, as replays take it.',
    load: async () => (await import('./commands/what-if/fit.ts')).fit,
  },
  {
    name: 'what-if commit',
    summary: 'Find what to buy in advance for some traffic, and from when on it pays.',
    load: async () => (await import('./commands/what-if/commit.ts')).commit,
  },
  {
    name: 'what-if sweep',
    summary: 'Vary policies, and show the frontier of cost, latency, availability, concentration.',
    load: async () => (await import('./commands/what-if/sweep.ts')).sweep,
  },
  {
    name: 'what-if merge',
    summary: 'Make the report of parts that were replayed on several machines.',
    load: async () => (await import('./commands/what-if/merge.ts')).merge,
  },
  {
    name: 'what-if backtest',
    summary: 'Compare what scenarios predicted of the market with what came.',
    load: async () => (await import('./commands/what-if/backtest.ts')).backtest,
  },
  {
    name: 'plan serve',
    summary: 'Plan the hosting of a model: chips, layout, cost, and break-even against APIs.',
    load: async () => (await import('./commands/plan/serve.ts')).serve,
  },
  {
    name: 'model show',
    summary: 'Show the shapes of models: parameters, attention, experts, cache per token.',
    load: async () => (await import('./commands/model/show.ts')).show,
  },
  {
    name: 'model import',
    summary: 'Read the shape of a model from its Hugging Face config.json.',
    load: async () => (await import('./commands/model/import.ts')).importCommand,
  },
  {
    name: 'config check',
    summary: 'Check a configuration file and show what it routes where.',
    load: async () => (await import('./commands/config/check.ts')).check,
  },
  {
    name: 'explain',
    summary: 'Show what a request becomes on its way to another cloud or dialect.',
    load: async () => (await import('./commands/explain.ts')).explain,
  },
  {
    name: 'ledger sum',
    summary: 'Add up requests, tokens and charges by cloud, model, key or route.',
    load: async () => (await import('./commands/ledger/sum.ts')).sum,
  },
  {
    name: 'ledger tail',
    summary: 'Show the newest records of the ledger.',
    load: async () => (await import('./commands/ledger/tail.ts')).tail,
  },
  {
    name: 'ledger export',
    summary: 'Write the requests of the ledger as Parquet.',
    load: async () => (await import('./commands/ledger/export.ts')).exportCommand,
  },
  {
    name: 'plan train',
    summary: 'Plan the training of a model: chips, layout, time, goodput and cost.',
    load: async () => (await import('./commands/plan/train.ts')).train,
  },
  {
    name: 'plan explain',
    summary: 'Show where the time, the memory and the money of a plan go.',
    load: async () => (await import('./commands/plan/explain.ts')).explain,
  },
  {
    name: 'plan validate',
    summary: 'Compare the planner with published runs: errors by accelerator and kind of model.',
    load: async () => (await import('./commands/plan/validate.ts')).validate,
  },
];
