export { openExperiments, type Experiments } from './registry.ts';
export { experimentRunner, type ExperimentRunnerParts } from './runner.ts';
export { baselineMetrics, experimentCatalogKind, type ExperimentSection } from './section.ts';
